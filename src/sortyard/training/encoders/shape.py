"""The measures of an encoder, read from its configuration and checked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sortyard.domain.errors import UnsupportedEncoder, listing
from sortyard.training.encoders.families.family import Family
from sortyard.training.encoders.families.known import FAMILIES
from sortyard.training.encoders.weights import EncoderFiles

MOST_TOKENS = 256  # what a text may have, of which two are the marks around it
EPSILON = 1e-12
PADDING = 1  # of families that count positions from behind it, where it is not said
# What a configuration calls an activation, and how it is calculated: exactly, or by a tangent.
ACTIVATIONS: Mapping[str, str] = {
    "gelu": "BiasGelu",
    "gelu_python": "BiasGelu",
    "gelu_new": "FastGelu",
    "gelu_fast": "FastGelu",
    "gelu_pytorch_tanh": "FastGelu",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """
    How many layers there are, how wide they are, and how they attend.

    `groups` is how many layers have weights of their own; `activation` is the operator that bends
    what stands between two matrices. With `mapped`, a matrix brings word vectors to the width.
    """

    family: Family
    layers: int
    groups: int
    width: int
    heads: int
    epsilon: float
    activation: str
    mapped: bool
    first_position: int
    max_tokens: int

    @classmethod
    def read(cls, files: EncoderFiles) -> Self:
        """Read it from `config.json`; UnsupportedEncoder says all that we cannot build."""
        try:
            found = json.loads(files.config.read_text(encoding="utf-8"))
            family = FAMILIES.get(found["model_type"])
            problems = tuple(_problems(found, family))
            if family is not None and not problems:
                return cls(family=family, **_measures(found, family))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnsupportedEncoder(files.name, ["its config.json makes no sense"]) from error
        raise UnsupportedEncoder(files.name, problems)

    def spread(self, count: int) -> tuple[int, ...]:
        """Choose layers at even distances up to the last: 2, 4, 6 are three out of six."""
        steps = range(1, min(count, self.layers) + 1)
        return tuple(round(self.layers * step / len(steps)) for step in steps)

    def group(self, number: int) -> int:
        """Tell whose weights a layer has, both counted from 1: its own, unless they are shared."""
        return (number - 1) * self.groups // self.layers + 1


def _measures(found: Mapping[str, Any], family: Family) -> dict[str, Any]:
    sizes: dict[str, Any] = {ours: found.get(theirs) for ours, theirs in family.sizes.items()}
    first = family.first_position
    if family.behind_padding:
        first = found.get("pad_token_id", PADDING) + 1
    positions = found.get("max_position_embeddings", 512) - first
    return {
        "layers": int(sizes["layers"]),
        "groups": int(found["num_hidden_groups"] if family.shared else sizes["layers"]),
        "width": int(sizes["width"]),
        "heads": int(sizes["heads"]),
        "epsilon": float(found.get("layer_norm_eps", EPSILON)),
        "activation": ACTIVATIONS[sizes["activation"] or family.activation],
        "mapped": family.mapped or (family.embedding and _narrow(found)),
        "first_position": first,
        "max_tokens": min(positions, MOST_TOKENS),
    }


def _narrow(found: Mapping[str, Any]) -> bool:
    return bool(found["embedding_size"] != found["hidden_size"])


def _problems(found: Mapping[str, Any], family: Family | None) -> Iterator[str]:
    """Say why an encoder would not be what its publisher made, if it were built like BERT."""
    if "auto_map" in found:
        yield "it comes with code of its own (auto_map), which is never run"
    if family is None:
        known = listing(FAMILIES, limit=len(FAMILIES))
        yield f"its model_type is {found['model_type']!r}, and we build {known}"
        return
    activation = found.get(family.sizes["activation"], family.activation)
    if activation not in ACTIVATIONS:
        yield f"its {family.sizes['activation']} is {activation!r}, not 'gelu' or 'gelu_new'"
    expected = {"position_embedding_type": "absolute", "is_decoder": False, "inner_group_num": 1}
    for key, value in expected.items():
        if found.get(key, value) != value:
            yield f"its {key} is {found[key]!r}, not {value!r}"
