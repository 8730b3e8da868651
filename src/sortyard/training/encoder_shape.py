"""The measures of a BERT-like encoder, read from its configuration and checked."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from sortyard.domain.errors import UnsupportedEncoder
from sortyard.training.encoder_weights import EncoderFiles

MOST_TOKENS = 256  # what a text may have, of which two are the marks around it


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """How many layers there are, how wide they are, and how they attend."""

    layers: int
    width: int
    heads: int
    epsilon: float
    max_tokens: int

    @classmethod
    def read(cls, files: EncoderFiles) -> Self:
        """Read it from `config.json`; UnsupportedEncoder says all that we cannot build."""
        try:
            found = json.loads(files.config.read_text(encoding="utf-8"))
            problems = tuple(_problems(found))
            if not problems:
                return cls(
                    layers=found["num_hidden_layers"],
                    width=found["hidden_size"],
                    heads=found["num_attention_heads"],
                    epsilon=found.get("layer_norm_eps", 1e-12),
                    max_tokens=min(found.get("max_position_embeddings", 512), MOST_TOKENS),
                )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnsupportedEncoder(files.name, ["its config.json makes no sense"]) from error
        raise UnsupportedEncoder(files.name, problems)

    def spread(self, count: int) -> tuple[int, ...]:
        """Choose layers at even distances up to the last: 2, 4, 6 are three out of six."""
        steps = range(1, min(count, self.layers) + 1)
        return tuple(round(self.layers * step / len(steps)) for step in steps)


def _problems(found: Mapping[str, object]) -> Iterator[str]:
    expected = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
    }
    for key, value in expected.items():
        if found.get(key, value) != value:
            yield f"its {key} is {found[key]!r}, not {value!r}"
