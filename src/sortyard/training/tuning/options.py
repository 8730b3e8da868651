"""How an encoder is tuned: every choice as one value, which a recipe can hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sortyard.domain.errors import InvalidSettings, listing
from sortyard.training.tuning.kinds import refuse_unknown, refuse_wrong_kinds

SOURCE = "The tuning"
SAMPLINGS = ("all", "over", "under")
ABOVE_ZERO = ("epochs", "rate", "head_rate", "clip", "scale", "temperature")
NOT_NEGATIVE = (
    "decay",
    "classification",
    "ranking",
    "focus",
    "partners",
    "rivals",
    "cards",
    "frozen_layers",
    "patience",
)
SHARES = ("warm_up", "dropout", "smoothing", "distillation")
AT_LEAST_ONE = ("imbalance", "sibling_weight", "judgings", "checkpoint_steps")
FEWEST_TOKENS = 3  # two marks and a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """
    How an encoder is tuned.

    The course of it: `epochs` over the rows (1.5 is one and a half) in batches of `batch`, with
    AdamW at the `rate` (the heads at `head_rate`) that rises over the share `warm_up` of the steps
    and then falls to nothing, `decay` of weights, gradients no longer than `clip`, and `dropout`.
    With `frozen_words` the vectors of words stay as published; so do `frozen_layers` from below.
    Texts are cut at `most_tokens`.

    What is minimised: `classification` times the loss of the heads (softmax cross-entropy in a
    `single` dimension, binary in a `multi` one, with `focus` as focal loss and `smoothing` of the
    truth; `class_weights` lift rare labels; the share `distillation` of it is measured against what
    a teacher believes, where there is one), plus `ranking` times that of multiple negatives at a
    `temperature`, in which siblings count `sibling_weight` times. A head starts from the labels'
    prototypes times `scale`.

    What meets in a batch: `partners` of the same label and `rivals` of an easily confused one for
    every row, and the texts of at most `cards` labels. `sampling` draws all rows once an epoch, or
    repeats rare labels (`over`) or thins frequent ones (`under`), until the most frequent label
    comes at most `imbalance` times as often as the rarest.

    When it stops: rows that were set aside are judged `judgings` times an epoch, and after
    `patience` of them without a gain it is over; 0 never stops early. The best weights are kept.
    """

    epochs: float = 3.0
    batch: int = 32
    rate: float = 5e-5
    head_rate: float = 1e-2
    warm_up: float = 0.06
    decay: float = 0.01
    clip: float = 1.0
    dropout: float = 0.1
    frozen_words: bool = True
    frozen_layers: int = 0
    most_tokens: int = 128
    classification: float = 1.0
    ranking: float = 0.0
    focus: float = 0.0
    smoothing: float = 0.0
    distillation: float = 0.0
    class_weights: bool = False
    scale: float = 20.0
    temperature: float = 0.05
    sibling_weight: float = 1.0
    partners: int = 0
    rivals: int = 0
    cards: int = 0
    sampling: str = "all"
    imbalance: float = 3.0
    judgings: int = 1
    patience: int = 0
    checkpoint_steps: int = 500

    def __post_init__(self) -> None:
        refuse_wrong_kinds(self, SOURCE)
        if problems := [*self._out_of_bounds(), *self._contradictions()]:
            raise InvalidSettings(SOURCE, problems)

    def _out_of_bounds(self) -> list[str]:
        problems = [
            _is("above 0", self, name) for name in ABOVE_ZERO if not getattr(self, name) > 0
        ]
        problems += [
            _is("0 or more", self, name) for name in NOT_NEGATIVE if not getattr(self, name) >= 0
        ]
        problems += [
            _is("0 or more and below 1", self, name)
            for name in SHARES
            if not 0 <= getattr(self, name) < 1
        ]
        problems += [
            _is("1 or more", self, name) for name in AT_LEAST_ONE if not getattr(self, name) >= 1
        ]
        return problems

    def _contradictions(self) -> list[str]:
        problems = []
        if self.most_tokens < FEWEST_TOKENS:
            problems.append(_is(f"{FEWEST_TOKENS} or more", self, "most_tokens"))
        if self.sampling not in SAMPLINGS:
            problems.append(f"sampling is one of {listing(SAMPLINGS)}, not {self.sampling!r}")
        if not self.classification and not self.ranking:
            problems.append("classification and ranking are both 0, so there is nothing to learn")
        if self.distillation and not self.classification:
            problems.append("distillation is a share of classification, which is 0")
        if self.batch < max(self.clump, 2):
            problems.append(
                f"batch is at least {max(self.clump, 2)}: a row, its partners and its rivals, "
                f"not {self.batch}"
            )
        return problems

    @property
    def clump(self) -> int:
        """How many rows are drawn together: one, its partners and its rivals."""
        return 1 + self.partners + self.rivals

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild it; unknown names are errors."""
        refuse_unknown(stored, cls, SOURCE)
        return cls(**stored)


def _is(bound: str, options: Tuning, name: str) -> str:
    return f"{name} is {bound}, not {getattr(options, name)}"
