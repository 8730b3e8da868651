"""What an encoder's publisher says of its use, where we use it otherwise."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sortyard.domain.errors import listing
from sortyard.training.encoders.weights import (
    MODULES_FILE,
    POOLING_FILE,
    PROMPTS_FILE,
    EncoderFiles,
)

MEAN = "pooling_mode_mean_tokens"
# The parts of a sentence encoder that we have, too: blocks are of length one by themselves.
PARTS = frozenset({"Transformer", "Pooling", "Normalize"})


def encoder_remarks(files: EncoderFiles) -> Iterator[str]:
    """
    Say what is done otherwise than in the files that sentence-transformers writes.

    Heads are learnt on what the encoder gives here, in training as in answers, so that none of it
    is an error; it may cost a little accuracy.
    """
    if _pools_otherwise(_read(files.folder / POOLING_FILE)):
        yield f"{files.name}: its publisher pools otherwise, here tokens are pooled by their mean"
    if left_out := [one for one in _parts(files) if one not in PARTS]:
        yield f"{files.name}: its publisher's {listing(left_out)} is left out"
    prompts = _read(files.folder / PROMPTS_FILE).get("prompts")
    given = [name for name, words in prompts.items() if words] if isinstance(prompts, dict) else []
    if given:
        yield f"{files.name}: it has prompts ({listing(given)}), none is put before a message"


def _pools_otherwise(found: dict[str, Any]) -> bool:
    """Whether it is not by the mean alone; newer files have a word, older ones a flag for each."""
    if "pooling_mode" in found:
        return found["pooling_mode"] not in ("mean", ["mean"])
    modes = [name for name, chosen in found.items() if name.startswith("pooling_mode_") and chosen]
    return bool(modes) and modes != [MEAN]


def _parts(files: EncoderFiles) -> Iterator[str]:
    modules = _read(files.folder / MODULES_FILE).get("list", [])
    for one in modules:
        if isinstance(one, dict):
            yield str(one.get("type", "")).rpartition(".")[-1]


def _read(path: Path) -> dict[str, Any]:
    """Read what may be absent, or anything at all; a list is under the name `list`."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if isinstance(found, list):
        return {"list": found}
    return found if isinstance(found, dict) else {}
