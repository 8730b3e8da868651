"""A causal language model as PyTorch runs it, with its tokens."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor

from sortyard.domain.errors import UnusableLanguageModel, listing
from sortyard.training.tuning.causal.prompt import Prompt
from sortyard.training.tuning.silence import in_silence

PROBE = 8  # tokens to see on whether a model looks ahead
CLOSE = 1e-3
UNBOUNDED = 1_000_000  # positions of a model that states no number


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """
    A model that continues texts, token by token, and never looks ahead.

    `end` is the token that ends an answer, and `positions` how many tokens it can read.
    """

    folder: Path
    model: transformers.PreTrainedModel
    tokenizer: transformers.PreTrainedTokenizerBase
    end: int
    positions: int
    device: torch.device

    @property
    def family(self) -> str:
        return str(self.model.config.model_type)

    @property
    def marks(self) -> tuple[str, ...]:
        """List the special tokens, as they are spelled."""
        return tuple(
            one.content for one in self.tokenizer.added_tokens_decoder.values() if one.special
        )

    def ids(self, text: str) -> list[int]:
        """Cut a text into tokens, with the mark of its beginning where the model wants one."""
        found: list[int] = self.tokenizer(text, verbose=False)["input_ids"]
        return found[:-1] if found and found[-1] == self.end else found

    def prompt_ids(self, prompt: Prompt, messages: Sequence[str]) -> list[list[int]]:
        """Write the prompts of some messages as tokens; a message that is too long is cut."""
        return [self.ids(prompt.around(self._cut(prompt.line(one), prompt))) for one in messages]

    def label_ids(self, labels: Sequence[str], prompt: Prompt) -> list[tuple[int, ...]]:
        """
        Write labels as the tokens that follow the prompt, each with the end mark.

        Raises UnusableLanguageModel where two of them come to the same tokens.
        """
        before = self.ids(prompt.tail)
        found: dict[tuple[int, ...], str] = {}
        for label in labels:
            whole = self.ids(prompt.tail + label)
            apart = whole[: len(before)] == before
            own = whole[len(before) :] if apart else self._bare_ids(label)
            sequence = (*own, self.end)
            if not own or sequence in found:
                other = found.get(sequence, "the end of the answer")
                problem = f"its tokens do not tell {label!r} from {other!r}"
                raise UnusableLanguageModel(str(self.folder), [problem])
            found[sequence] = label
        return list(found)

    def _cut(self, line: str, prompt: Prompt) -> str:
        told = self.tokenizer(
            line, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        if len(told["input_ids"]) <= prompt.most_tokens:
            return line
        return line[: told["offset_mapping"][prompt.most_tokens - 1][1]].rstrip()

    def _bare_ids(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return found


def open_language_model(
    folder: Path, *, device: torch.device, dtype: torch.dtype | None = None
) -> LanguageModel:
    """
    Open what lies in a folder: config.json, tokenizer.json and safetensors, and nothing else.

    Nothing is downloaded, no code that comes with a model is run, and no pickle is opened. Without
    a `dtype` it is float32, on a GPU bfloat16. Raises UnusableLanguageModel.
    """
    if not (folder / "config.json").is_file():
        raise UnusableLanguageModel(str(folder), ["it has no config.json"])
    if not [*folder.glob("*.safetensors")]:
        raise UnusableLanguageModel(str(folder), ["it has no *.safetensors; others are pickles"])
    dtype = dtype or (torch.bfloat16 if device.type == "cuda" else torch.float32)
    try:
        with in_silence():
            tokenizer = transformers.AutoTokenizer.from_pretrained(
                folder, trust_remote_code=False, local_files_only=True
            )
            opened: Any = transformers.AutoModelForCausalLM.from_pretrained(
                folder,
                trust_remote_code=False,
                local_files_only=True,
                use_safetensors=True,
                dtype=dtype,
                output_loading_info=True,
            )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError) as error:
        problem = f"transformers cannot load it ({_first_line(error)})"
        raise UnusableLanguageModel(str(folder), [problem]) from error
    model, told = opened
    model = model.to(device).eval()
    if problems := _problems(model, tokenizer, sorted(told["missing_keys"])):
        raise UnusableLanguageModel(str(folder), problems)
    return LanguageModel(
        folder=folder,
        model=model,
        tokenizer=tokenizer,
        end=int(tokenizer.eos_token_id),
        positions=getattr(model.config, "max_position_embeddings", None) or UNBOUNDED,
        device=device,
    )


def stored_dtype(folder: Path) -> torch.dtype:
    """Tell in which precision the weights of a folder are stored, as its config.json says."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    name = config.get("dtype") or config.get("torch_dtype") or "float32"
    found = getattr(torch, str(name), None)
    return found if isinstance(found, torch.dtype) else torch.float32


def _problems(
    model: transformers.PreTrainedModel,
    tokenizer: transformers.PreTrainedTokenizerBase,
    missing: Sequence[str],
) -> list[str]:
    problems = []
    if missing:
        problems.append(f"its weights lack {listing(missing)}")
    if not getattr(tokenizer, "is_fast", False):
        problems.append("it has no tokenizer.json")
    if getattr(tokenizer, "eos_token_id", None) is None:
        problems.append("its tokenizer has no end mark (eos_token in tokenizer_config.json)")
    if not problems and _looks_ahead(model):
        problems.append("it looks ahead, so it is no causal language model")
    return problems


@torch.inference_mode()
def _looks_ahead(model: transformers.PreTrainedModel) -> bool:
    """See whether a later token changes what is said about an earlier one."""
    ids = torch.arange(PROBE, device=model.device).remainder(model.config.vocab_size).unsqueeze(0)
    other = ids.clone()
    other[0, -1] = 0
    first, second = (_logits(model, one)[0, : PROBE - 1].float() for one in (ids, other))
    return not torch.allclose(first, second, atol=CLOSE, rtol=CLOSE)


def _logits(model: transformers.PreTrainedModel, ids: Tensor) -> Tensor:
    logits: Tensor = model(input_ids=ids).logits
    return logits


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
