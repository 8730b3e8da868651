"""Why a release gave a label the score it has: exact parts, and examples that look alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """
    What one piece of the text adds to the score of the label.

    `view` is `meaning` for a word as the encoder reads it, `wording` for an n-gram, and `feature`
    for what came beside the words or was measured of them. A term without a text is what the marks
    add that the encoder puts around every text.
    """

    text: str
    view: str
    contribution: float


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A labelled example near the message; `similarity` is the cosine of their vectors."""

    id: str
    labels: tuple[str, ...]
    similarity: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    The score of one label for one message, taken apart.

    `score` is exactly the sum of all terms' contributions, `nearest` (what the nearest example of
    the label adds) and `constant` (what every text gets). Terms come largest first by size.

    Where the answer was `reranked`, a cross-encoder read the message with each of its best labels
    and shared their probability out anew. It gives no sum that could be taken apart, so it has no
    part in the score: that is what the labels were told apart by before.
    """

    message_id: str
    release: str
    dimension: str
    label: str
    score: float
    constant: float
    nearest: float
    terms: tuple[Term, ...]
    look_alikes: tuple[LookAlike, ...]
    reranked: bool = False
