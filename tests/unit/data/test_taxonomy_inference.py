"""A first taxonomy has every label that the data uses, and nothing else."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.taxonomy_inference import infer_taxonomy
from sortyard.domain.taxonomy import Kind, ancestors

LAW = settings(max_examples=40, deadline=None)
paths = st.lists(st.sampled_from(["a", "b", "no", "1", "10", "2"]), min_size=1, max_size=3).map(
    "/".join
)
rows = st.lists(st.lists(paths, max_size=2).map(tuple), min_size=1).filter(any)


@LAW
@given(rows)
def test_every_path_and_all_above_it_is_there(drawn: list[tuple[str, ...]]) -> None:
    inferred = infer_taxonomy({"team": drawn}, {"team": Kind.MULTI})["team"]
    used = {above for held in drawn for path in held for above in (path, *ancestors(path))}
    assert set(inferred.paths) == used


@LAW
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    drawn: list[tuple[str, ...]], order: random.Random
) -> None:
    shuffled = list(drawn)
    order.shuffle(shuffled)
    first, second = (infer_taxonomy({"team": one}, {}) for one in (drawn, shuffled))
    assert first.content_hash == second.content_hash


def test_labels_stand_as_people_sort_them() -> None:
    inferred = infer_taxonomy({"level": [("10",), ("b",), ("2",), ("A",), ("a",)]}, {})
    assert inferred["level"].paths == ("2", "10", "A", "a", "b")


def test_a_dimension_keeps_its_kind() -> None:
    inferred = infer_taxonomy({"flags": [("x",)], "team": [("y",)]}, {"flags": Kind.MULTI})
    assert [one.kind for one in inferred.dimensions] == [Kind.MULTI, Kind.SINGLE]


def test_typical_texts_become_examples() -> None:
    texts = [
        *("I lost my card", "My card is lost", "Is my lost card blocked?", "i lost MY card!"),
        *("Where is my invoice?", "card", "?"),
    ]
    labels = [("card/lost",)] * 4 + [("billing",)] + [("card/lost",)] * 2
    inferred = infer_taxonomy({"team": labels}, {}, texts=texts)
    by_path = {node.path: set(node.label.examples) for node in inferred["team"].nodes}
    assert by_path == {
        "billing": {"Where is my invoice?"},
        "card": set(),
        "card/lost": {"I lost my card", "My card is lost", "Is my lost card blocked?"},
    }


@LAW
@given(st.randoms(use_true_random=False))
def test_the_examples_do_not_depend_on_the_order_of_the_rows(order: random.Random) -> None:
    texts = [
        f"my {one} card is {two}" for one in ("new", "old", "lost") for two in ("Here", "gone")
    ]
    shuffled = [*texts, *(text.upper() for text in texts)]
    ordered = list(shuffled)
    order.shuffle(shuffled)
    first, second = (
        infer_taxonomy({"team": [("card",)] * len(one)}, {}, texts=one)
        for one in (ordered, shuffled)
    )
    assert first == second
