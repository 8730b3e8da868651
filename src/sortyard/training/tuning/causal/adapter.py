"""Thin matrices beside the weights of a language model: put on, kept, and merged into them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import Tensor

from sortyard.domain.errors import UnusableLanguageModel
from sortyard.training.tuning.causal.families import modules_of
from sortyard.training.tuning.causal.language_model import LanguageModel, open_language_model
from sortyard.training.tuning.causal.options import CausalTuning
from sortyard.training.tuning.saving import plain

WEIGHTS: Final = "adapter_model.safetensors"  # as PEFT and vLLM look for them
CONFIG: Final = "adapter_config.json"


def put_on(model: LanguageModel, options: CausalTuning) -> peft.PeftModel:
    """
    Put a fresh adapter on a model, which does nothing yet; all else stays as it is from now on.

    Raises UnusableLanguageModel where the model has none of the modules.
    """
    modules = modules_of(model.family, options.modules)
    config = peft.LoraConfig(
        task_type=peft.TaskType.CAUSAL_LM,
        r=options.rank,
        lora_alpha=options.alpha,
        lora_dropout=options.dropout,
        target_modules=modules if isinstance(modules, str) else list(modules),
        fan_in_fan_out=model.family == "gpt2",
    )
    try:
        return peft.get_peft_model(model.model, config)
    except ValueError as error:
        problem = f"it has no modules {modules!r}"
        raise UnusableLanguageModel(str(model.folder), [problem]) from error


def write_adapter(adapted: peft.PeftModel, folder: Path, *, base: str) -> None:
    """Write an adapter as PEFT and vLLM read it; `base` names what it was put on."""
    folder.mkdir(parents=True)
    weights = peft.get_peft_model_state_dict(adapted, save_embedding_layers=False)
    save_file(plain(weights), folder / WEIGHTS, metadata={"format": "pt"})
    config = adapted.peft_config["default"].to_dict()
    config |= {"base_model_name_or_path": base, "inference_mode": True}
    told = json.dumps(config, indent=1, sort_keys=True, default=_as_list)
    (folder / CONFIG).write_text(told + "\n", encoding="utf-8")


def merged_with(base: Path, adapter: Path) -> transformers.PreTrainedModel:
    """
    Open a model and add an adapter's products to its weights, in float32.

    The result is a model of the base's own class, of the same size.
    """
    opened = open_language_model(base, device=torch.device("cpu"), dtype=torch.float32)
    config = peft.LoraConfig.from_pretrained(str(adapter), local_files_only=True)
    adapted = peft.get_peft_model(opened.model, config)
    told: Any = peft.set_peft_model_state_dict(adapted, load_file(adapter / WEIGHTS))
    if told.unexpected_keys:
        raise UnusableLanguageModel(str(adapter), ["its weights are of another model"])
    merged: transformers.PreTrainedModel = adapted.merge_and_unload(safe_merge=True)
    return merged


def changing(adapted: peft.PeftModel) -> Mapping[str, Tensor]:
    """Name everything that learning changes, in a fixed order."""
    return {name: one for name, one in adapted.named_parameters() if one.requires_grad}


def _as_list(value: object) -> object:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
