"""Guess which label that is gone lives on as which label that is new."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from sortyard.domain.label_names import are_alike
from sortyard.domain.taxonomy import Label, parent_of

LIKELY = 0.6  # likeness from which two labels are guessed to be one
SAME_NAME, ALIKE_NAME, OTHER_NAME = 0.75, 0.65, 0.5  # the last shrinks with the letters in common
SAME_CONTENT = 0.9
CONTRADICTED = 0.6  # what a name is worth where everything said about the labels differs
SAME_PLACE = 0.1
MOST_PAIRS = 20_000  # beyond these, only labels with a name or a definition in common are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A guess that a label lives on under another path; a person decides."""

    before: str
    after: str
    likeness: float  # from 0 to 1

    @property
    def is_rename(self) -> bool:
        """Whether the label kept its place, and only its name changed."""
        return parent_of(self.before) == parent_of(self.after)


def guessed_moves(removed: Mapping[str, Label], added: Mapping[str, Label]) -> tuple[Move, ...]:
    """Match what went with what came, by path: the most alike first, each at most once."""
    guesses = (
        Move(before=before, after=after, likeness=_likeness(before, old, after, added[after]))
        for before, old in removed.items()
        for after in _comparable(old, removed, added)
    )
    moves: dict[str, Move] = {}
    taken: set[str] = set()
    for move in sorted(guesses, key=lambda move: (-move.likeness, move.before, move.after)):
        if move.likeness >= LIKELY and move.before not in moves and move.after not in taken:
            moves[move.before] = move
            taken.add(move.after)
    return tuple(moves[path] for path in removed if path in moves)


def _comparable(
    old: Label, removed: Mapping[str, Label], added: Mapping[str, Label]
) -> Iterator[str]:
    few = len(removed) * len(added) <= MOST_PAIRS
    for after, new in added.items():
        if few or old.name == new.name or (old.definition and old.definition == new.definition):
            yield after


def _likeness(before: str, old: Label, after: str, new: Label) -> float:
    """Say how much speaks for two labels being one: their names, what they say, and their place."""
    if old.name == new.name:
        name = SAME_NAME
    elif are_alike(old.name, new.name):
        name = ALIKE_NAME
    else:
        name = OTHER_NAME * _shared(old.name, new.name)
    agreeing = _agreeing(old, new)
    if agreeing is not None:
        name = max(name, SAME_CONTENT * agreeing) if agreeing else CONTRADICTED * name
    return name + SAME_PLACE * _shared(parent_of(before) or "", parent_of(after) or "")


def _agreeing(old: Label, new: Label) -> float | None:
    """Count the share of what is said about either label that is said of both."""
    said = [
        getattr(old, field) == getattr(new, field)
        for field in ("definition", "examples", "includes")
        if getattr(old, field) or getattr(new, field)
    ]
    below, below_new = ({child.name for child in one.children} for one in (old, new))
    if below or below_new:
        said.append(2 * len(below & below_new) > len(below | below_new))
    return sum(said) / len(said) if said else None


def _shared(one: str, other: str) -> float:
    """Say how many letters two texts share in the same order: 1 for all of them."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
