"""Hypothesis strategies that draw whole taxonomies, with the names that YAML trips over."""

from hypothesis import strategies as st

from sortyard.domain.taxonomy import Counterexample, Dimension, Kind, Label, Taxonomy

# What YAML reads as something else than text, or as structure.
TRAPS = (
    *("no", "on", "Yes", "true", "null", "~", "1", "1.0", "1e3", "0x1F", "0o7", "1_000", ".inf"),
    *("2020-01-01", "12:30:45", "<<", "=", "- x", "# x", "a: b", "a #b", "*x", "&x", "!x", "%x"),
    *("@x", "`x`", "'", '"', "[x]", "{x}", "? x", "|", ">", "x:", " x ", "x\ty", "...", "---"),
    *("zażółć", "🙂", "\x00", "a\x85b", "a\u2028", "a\ufeff", "a\nb", "a\n\n b\n", "\\n"),
)


def taxonomies_of(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Taxonomy]:
    """Draw taxonomies of a few labels, whose names and contents are such texts."""
    names = texts.filter(lambda name: bool(name.strip()) and "/" not in name)
    lists = st.lists(texts, max_size=2).map(tuple)
    chances = st.none() | st.floats(min_value=0.0, max_value=1.0)

    def siblings(
        children: st.SearchStrategy[tuple[Label, ...]],
    ) -> st.SearchStrategy[tuple[Label, ...]]:
        label = st.builds(
            Label,
            name=names,
            definition=texts,
            includes=lists,
            excludes=lists,
            examples=lists,
            counterexamples=st.lists(st.builds(Counterexample, texts, texts), max_size=1).map(
                tuple
            ),
            boundary_rules=lists,
            minimum_confidence=chances,
            always_review=st.booleans(),
            error_cost=st.floats(min_value=0.0, allow_nan=False, allow_infinity=False),
            children=children,
        )
        return st.lists(label, max_size=3, unique_by=lambda one: one.name).map(tuple)

    dimension = st.builds(
        Dimension,
        name=names,
        kind=st.sampled_from(Kind),
        question=texts,
        labels=st.recursive(st.just(()), siblings, max_leaves=4).filter(bool),
        minimum_confidence=chances,
    )
    several = st.lists(dimension, min_size=1, max_size=2, unique_by=lambda one: one.name)
    return st.builds(
        Taxonomy, dimensions=several.map(tuple), version=st.integers(min_value=1, max_value=99)
    )


taxonomies = taxonomies_of(st.sampled_from(TRAPS) | st.text(max_size=8))
# Few names, so that two of them often have labels in common.
much_alike = taxonomies_of(st.sampled_from(["refund", "refunds", "other"]))
