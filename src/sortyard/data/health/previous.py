"""Labels that were changed on the way, where a column says what they were before."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sortyard.data.health.finding import HealthFinding, percent, rows
from sortyard.data.health.spelling import same_name
from sortyard.data.label_guess import FORMER
from sortyard.data.profiles import words_of
from sortyard.data.taxonomy_finding import Severity
from sortyard.domain.messages import Message

SHARED: Final = 0.5  # of its values are labels that are in use
MUCH: Final = 0.1


@dataclass(frozen=True, slots=True)
class Move:
    """Rows that went from one label to another."""

    before: str
    after: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignments:
    """
    The rows whose label was changed, by the column of the former one.

    `gone` are former labels that no row has any more, with their rows.
    """

    column: str
    compared: int
    changed: int
    moves: tuple[Move, ...]
    gone: tuple[tuple[str, int], ...]

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say how often people changed their mind."""
        if not self.changed:
            return
        share = self.changed / self.compared
        top = self.moves[0]
        yield HealthFinding(
            code="reassigned",
            severity=Severity.WARNING if share > MUCH else Severity.NOTE,
            dimension=dimension,
            problem=f"{rows(self.changed)} of {self.compared:,} ({percent(share)}) had another "
            f"label before, by the column {self.column!r}; most often {top.before!r} became "
            f"{top.after!r} ({top.rows:,}).",
            remedy="Sharpen the definitions of labels that swap messages; train on the label that "
            "a message ended with.",
        )
        if self.gone:
            yield HealthFinding(
                code="gone-labels",
                severity=Severity.NOTE,
                dimension=dimension,
                problem=f"{len(self.gone):,} former labels have no row any more, most of all "
                f"{self.gone[0][0]!r} ({self.gone[0][1]:,}).",
                remedy="Check that messages that still arrive for them have a label.",
            )


def previous_column(
    messages: Sequence[Message], columns: Sequence[str], known: Collection[str]
) -> str | None:
    """Find the one column of former labels: named so, with values that are mostly labels."""
    found = []
    for column in columns:
        if not FORMER & set(words_of(column)):
            continue
        values = {_value(message, column) for message in messages} - {""}
        if values and sum(one in known for one in values) >= SHARED * len(values):
            found.append(column)
    return found[0] if len(found) == 1 else None


def reassignments(
    messages: Sequence[Message], labels: Sequence[tuple[str, ...]], column: str
) -> Reassignments:
    """Hold each row's one label against its former one; rows without one of the two are left."""
    pairs: Counter[tuple[str, str]] = Counter()
    for message, held in zip(messages, labels, strict=True):
        before = _value(message, column)
        if before and len(held) == 1:
            pairs[before, held[0]] += 1
    return _summed(column, pairs, frozenset(label for held in labels for label in held))


def _summed(
    column: str, pairs: Mapping[tuple[str, str], int], used: frozenset[str]
) -> Reassignments:
    moved = {
        pair: count for pair, count in pairs.items() if same_name(pair[0]) != same_name(pair[1])
    }
    ranked = sorted(moved.items(), key=lambda one: (-one[1], one[0]))
    gone: Counter[str] = Counter()
    for (before, _), count in moved.items():
        if before not in used:
            gone[before] += count
    return Reassignments(
        column=column,
        compared=sum(pairs.values()),
        changed=sum(moved.values()),
        moves=tuple(Move(*pair, count) for pair, count in ranked),
        gone=tuple(gone.most_common()),
    )


def _value(message: Message, column: str) -> str:
    return " ".join(str(message.metadata.get(column, "")).split())
