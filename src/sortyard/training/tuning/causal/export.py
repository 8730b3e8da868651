"""A tuned language model on the disk: adapter, merged model, and all that belongs to them."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import transformers
from torch import nn

from sortyard.training.tuning.causal.language_model import stored_dtype
from sortyard.training.tuning.silence import in_silence

CONFIG: Final = "config.json"
AS_PUBLISHED: Final = (
    "added_tokens.json",
    "chat_template.jinja",
    "generation_config.json",
    "merges.txt",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
)
LARGEST_FILE: Final = "4GB"


def write_merged(model: transformers.PreTrainedModel, base: Path, folder: Path) -> None:
    """
    Write a merged model as the base was published: its precision, its tokenizer, its config.

    So whatever can read the base can read it.
    """
    folder.mkdir(parents=True)
    rounded = nn.Module.to(model, dtype=stored_dtype(base))
    with in_silence():
        rounded.save_pretrained(folder, max_shard_size=LARGEST_FILE)
    config = json.loads((base / CONFIG).read_text(encoding="utf-8"))
    write_json(folder / CONFIG, _for_every_reader(config))
    for name in AS_PUBLISHED:
        if (base / name).is_file():
            shutil.copyfile(base / name, folder / name)


def write_json(file: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object for people and programs."""
    told = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    file.write_text(told + "\n", encoding="utf-8")


def _for_every_reader(config: Mapping[str, Any]) -> dict[str, Any]:
    """
    Say where rotary positions begin in the old place, too.

    Transformers 5 writes `rope_parameters`; Ollama's converter reads `rope_theta` alone, and takes
    another number, or 0, where there is none, without a word.
    """
    rotary = config.get("rope_parameters")
    if not isinstance(rotary, Mapping) or "rope_theta" in config or "rope_theta" not in rotary:
        return dict(config)
    return {**config, "rope_theta": rotary["rope_theta"]}
