"""What is different between two taxonomies, and what probably became what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from sortyard.domain.taxonomy import Dimension, Label, Taxonomy
from sortyard.domain.taxonomy_moves import Move, guessed_moves

# What a label says about itself; its name and children show as labels that come and go.
CONTENT = tuple(one.name for one in fields(Label) if one.name not in {"name", "children"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChange:
    """A label that stayed, and the fields of it that did not."""

    path: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionChange:
    """
    What happened to one dimension that both taxonomies have.

    A path in `moves` is in `removed` or `added` as well: the move is a guess, they are facts.
    """

    name: str
    fields: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    changed: tuple[LabelChange, ...] = ()
    is_reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.fields or self.added or self.removed or self.changed or self.is_reordered)

    @property
    def sentences(self) -> Iterator[str]:
        for field in self.fields:
            yield f"{self.name}: {_in_words(field)} changed."
        moved = {path for move in self.moves for path in (move.before, move.after)}
        for move in self.moves:
            verb = "was probably renamed to" if move.is_rename else "probably moved to"
            yield f"{self.name}: {move.before!r} {verb} {move.after!r}."
        for path in self.added:
            if path not in moved:
                yield f"{self.name}: {path!r} is new."
        for path in self.removed:
            if path not in moved:
                yield f"{self.name}: {path!r} is gone."
        for one in self.changed:
            what = ", ".join(_in_words(field) for field in one.fields)
            yield f"{self.name}: {one.path!r} changed its {what}."
        if self.is_reordered:
            yield f"{self.name}: the labels stand in another order."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomyChange:
    """Everything that differs; empty, and false, for two taxonomies with the same content."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[DimensionChange, ...] = ()
    is_reordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.is_reordered)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say each difference in a sentence of its own."""
        return (
            *(f"Dimension {name!r} is new." for name in self.added),
            *(f"Dimension {name!r} is gone." for name in self.removed),
            *(sentence for one in self.changed for sentence in one.sentences),
            *(["The dimensions stand in another order."] if self.is_reordered else []),
        )


def diff(old: Taxonomy, new: Taxonomy) -> TaxonomyChange:
    """Compare two taxonomies; their version numbers do not count."""
    changes = (_dimension_change(old[name], new[name]) for name in new.names if name in old.names)
    return TaxonomyChange(
        added=_missing(new.names, old.names),
        removed=_missing(old.names, new.names),
        changed=tuple(change for change in changes if change),
        is_reordered=_is_reordered(old.names, new.names),
    )


def _dimension_change(old: Dimension, new: Dimension) -> DimensionChange:
    before = {node.path: node.label for node in old.nodes}
    after = {node.path: node.label for node in new.nodes}
    added, removed = _missing(after, before), _missing(before, after)
    changes = (
        LabelChange(path=path, fields=_differing(before[path], after[path], CONTENT))
        for path in after
        if path in before
    )
    return DimensionChange(
        name=new.name,
        fields=_differing(old, new, ("kind", "question", "minimum_confidence", "when")),
        added=added,
        removed=removed,
        moves=guessed_moves(
            {path: before[path] for path in removed}, {path: after[path] for path in added}
        ),
        changed=tuple(change for change in changes if change.fields),
        is_reordered=_is_reordered(tuple(before), tuple(after)),
    )


def _differing(one: object, other: object, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(one, name) != getattr(other, name))


def _missing(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(name for name in names if name not in known)


def _is_reordered(old: Sequence[str], new: Sequence[str]) -> bool:
    kept = set(old) & set(new)
    return [name for name in old if name in kept] != [name for name in new if name in kept]


def _in_words(field: str) -> str:
    return field.replace("_", " ")
