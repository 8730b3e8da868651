"""How an encoder reads on before it is tuned: every choice as one value, for a recipe to hold."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from sortyard.domain.errors import InvalidSettings
from sortyard.training.tuning.kinds import refuse_unknown, refuse_wrong_kinds
from sortyard.training.tuning.options import FEWEST_TOKENS

SOURCE = "The pretraining"
ABOVE_ZERO = ("epochs", "rate", "head_rate", "clip", "share")
NOT_NEGATIVE = ("decay", "frozen_layers", "aside")
BELOW_ONE = ("warm_up", "dropout", "share", "alone")
AT_LEAST_ONE = ("batch", "checkpoint_steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """
    How an encoder learns the words of an archive, as masked language models do.

    Of the word pieces the `share` is chosen, as whole words with `whole_words`; of those 80 % are
    masked, 10 % become any other and 10 % stay, and all are to be guessed (Devlin et al., "BERT",
    2019). A text is masked anew whenever it is read (Liu et al., "RoBERTa", 2019).

    The course of it: `epochs` over the texts in batches of `batch`, with AdamW at the `rate` (the
    head that guesses at the `head_rate`), which rises over the share `warm_up` of the steps and
    then falls to nothing, `decay` of weights, gradients no longer than `clip`, and `dropout`. Over
    the share `alone` of the steps the head learns by itself, so that what it does not know yet
    spoils no layer (Kumar et al. 2022). With `frozen_words` the vectors of words stay as
    published; so do `frozen_layers` from below. Texts are cut at `most_tokens`.

    At most `aside` texts, and a tenth, are not learnt from: on them the guessing is measured.
    """

    epochs: float = 1.0
    batch: int = 32
    rate: float = 5e-5
    head_rate: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01
    clip: float = 1.0
    dropout: float = 0.1
    share: float = 0.15
    whole_words: bool = True
    alone: float = 0.2
    frozen_words: bool = True
    frozen_layers: int = 0
    most_tokens: int = 128
    aside: int = 256
    checkpoint_steps: int = 500

    def __post_init__(self) -> None:
        refuse_wrong_kinds(self, SOURCE)
        bounds = {
            "above 0": [name for name in ABOVE_ZERO if not getattr(self, name) > 0],
            "0 or more": [
                name for name in (*NOT_NEGATIVE, *BELOW_ONE) if not getattr(self, name) >= 0
            ],
            "below 1": [name for name in BELOW_ONE if not getattr(self, name) < 1],
            "1 or more": [name for name in AT_LEAST_ONE if not getattr(self, name) >= 1],
            f"{FEWEST_TOKENS} or more": ["most_tokens"] * (self.most_tokens < FEWEST_TOKENS),
        }
        problems = [
            f"{name} is {bound}, not {getattr(self, name)}"
            for bound, names in bounds.items()
            for name in names
        ]
        if problems:
            raise InvalidSettings(SOURCE, problems)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Rebuild it; unknown names are errors."""
        refuse_unknown(stored, cls, SOURCE)
        return cls(**stored)
