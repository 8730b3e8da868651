"""How a language model is tuned: every choice as one value."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sortyard.domain.errors import InvalidSettings, listing
from sortyard.training.tuning.kinds import refuse_unknown
from sortyard.training.tuning.options import SAMPLINGS

SOURCE = "The tuning of the language model"
ABOVE_ZERO = ("alpha", "epochs", "rate", "clip")
NOT_NEGATIVE = ("decay", "most_label_tokens")
SHARES = ("warm_up", "dropout")
AT_LEAST_ONE = ("rank", "batch", "at_once", "most_tokens", "imbalance", "checkpoint_steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalTuning:
    """
    How a language model is tuned.

    What changes: beside every weight of the `modules` (by the ends of their names; without any,
    those of the family) a product of two thin matrices of this `rank`, times `alpha / rank`, whose
    input has `dropout` (LoRA: Hu et al., "LoRA: low-rank adaptation of large language models",
    ICLR 2022). All that was published stays as it is.

    The course of it: `epochs` over the rows in batches of `batch`, of which `at_once` are in memory
    together, with AdamW at the `rate` that rises over the share `warm_up` of the steps and then
    falls to nothing, `decay` of weights, and gradients no longer than `clip`. `sampling` draws all
    rows once an epoch, or repeats rare labels (`over`) or thins frequent ones (`under`) until the
    most frequent label comes at most `imbalance` times as often as the rarest.

    What is read: a message is cut at `most_tokens`, and the labels in front of it are told with
    their definitions, by their names alone, or not at all, whichever is the first that fits
    `most_label_tokens`.
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    modules: tuple[str, ...] = ()
    epochs: float = 3.0
    batch: int = 16
    at_once: int = 16
    rate: float = 2e-4
    warm_up: float = 0.06
    decay: float = 0.0
    clip: float = 1.0
    sampling: str = "all"
    imbalance: float = 3.0
    most_tokens: int = 256
    most_label_tokens: int = 1_024
    checkpoint_steps: int = 100

    def __post_init__(self) -> None:
        held = [(name, getattr(self, name)) for name in self.to_dict()]
        problems = [
            *(f"{n} is above 0, not {v}" for n, v in held if n in ABOVE_ZERO and not v > 0),
            *(f"{n} is 0 or more, not {v}" for n, v in held if n in NOT_NEGATIVE and not v >= 0),
            *(f"{n} is 1 or more, not {v}" for n, v in held if n in AT_LEAST_ONE and not v >= 1),
            *(
                f"{name} is 0 or more and below 1, not {value}"
                for name, value in held
                if name in SHARES and not 0 <= value < 1
            ),
        ]
        if self.sampling not in SAMPLINGS:
            problems.append(f"sampling is one of {listing(SAMPLINGS)}, not {self.sampling!r}")
        if not all(one.strip() for one in self.modules):
            problems.append("modules has an empty name")
        if problems:
            raise InvalidSettings(SOURCE, problems)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild it; unknown names are errors."""
        refuse_unknown(stored, cls, SOURCE)
        return cls(**{**stored, "modules": tuple(stored.get("modules", ()))})
