"""Messages are judged by what they did not teach, and the doubtful ones are listed with proof."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.data import label_errors
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.work_list import Suspicions
from sortyard.models.ngrams import NgramOrders
from sortyard.models.wording import Wording
from sortyard.training import court, suspicions
from sortyard.training.recipe import Recipe
from sortyard.training.sight import Sight
from sortyard.training.suspicions import suspicions_of
from tests.contracts.fakes import HashEncoder
from tests.unit.training.archives import Row, dataset_of, taxonomy_of, tickets

RECIPE = Recipe(name="tiny")


def sight_of(texts: list[str], *, deep: bool = True, blind: bool = False) -> Sight:
    encoder = HashEncoder(blocks=1)
    vectors = None if blind else encoder.encode(texts)
    return Sight(
        vectors=vectors,
        sentences=vectors,
        wording=Wording.fit(texts, orders=NgramOrders(words=2)).transform(texts),
        strength=10.0,
        is_deep=deep and not blind,
        judges="a test",
    )


def judged(
    rows: list[Row],
    *multi: str,
    sight: Sight | None = None,
    groups: NDArray[np.intp] | None = None,
) -> Suspicions:
    dataset = dataset_of(rows)
    texts = list(dataset.texts)
    (dimension,) = taxonomy_of(dataset, *multi).dimensions
    return suspicions_of(
        dataset,
        dimension,
        sight or sight_of(texts),
        near_duplicate_groups(texts) if groups is None else groups,
        RECIPE,
        seed=1,
        advance=lambda _: None,
    )


@pytest.fixture(autouse=True)
def _whole_ranking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so few rows less is sure; here it counts who comes first."""
    monkeypatch.setattr(label_errors, "GLARING", 0.5)


def relabelled(rows: list[Row], *places: int, to: tuple[str, ...]) -> list[Row]:
    return [(text, {"team": to} if at in places else held) for at, (text, held) in enumerate(rows)]


@pytest.mark.parametrize("look", ["deep", "shallow", "blind"])
def test_flipped_labels_lead_the_list(rng: np.random.Generator, look: str) -> None:
    rows = relabelled(tickets(rng, each=40), 0, 30, 60, to=("delivery",))  # of billing, all three
    sight = sight_of([text for text, _ in rows], deep=look == "deep", blind=look == "blind")
    found = judged(rows, sight=sight)

    assert {one.id for one in found.found[:3]} == {"m-0", "m-30", "m-60"}
    assert all(one.given == ("delivery",) for one in found.found[:3])
    assert all(one.likely == ("billing",) for one in found.found[:3])
    assert found.judged == found.rows == 120


def test_the_proof_is_the_nearest_other_message_with_the_label(rng: np.random.Generator) -> None:
    rows = relabelled(tickets(rng, each=40), 0, to=("delivery",))
    dataset = dataset_of(rows)
    first = judged(rows).found[0]
    vectors = sight_of(list(dataset.texts)).sentences
    assert vectors is not None
    cosines = vectors @ vectors[0]
    for proof, label in ((first.like_likely, "billing"), (first.like_given, "delivery")):
        assert proof is not None
        carriers = [at for at, (_, held) in enumerate(rows) if held["team"] == (label,) and at]
        nearest = max(carriers, key=lambda at: cosines[at])
        assert proof.id == f"m-{nearest}"
        assert proof.similarity == pytest.approx(float(cosines[nearest]), abs=1e-5)


def test_without_an_encoder_there_is_no_proof_but_a_list(rng: np.random.Generator) -> None:
    rows = relabelled(tickets(rng, each=40), 0, to=("delivery",))
    found = judged(rows, sight=sight_of([text for text, _ in rows], blind=True))
    assert found.found[0].id == "m-0"
    assert found.found[0].like_likely is None


@settings(max_examples=5)  # each one fits heads
@given(st.integers(0, 1_000))
def test_an_archive_without_a_mistake_has_hardly_a_suspect(seed: int) -> None:
    found = judged(tickets(np.random.default_rng(seed), each=30))
    assert found.expected <= 2


def test_a_copy_of_a_message_does_not_vouch_for_it(rng: np.random.Generator) -> None:
    """Of a wrong row that is there five times, none is judged by another."""
    rows = tickets(rng, each=40)
    rows += [(rows[0][0], {"team": ("delivery",)})] * 4
    rows = relabelled(rows, 0, to=("delivery",))
    suspected = {one.id for one in judged(rows).found}
    assert {"m-0", "m-120", "m-121", "m-122", "m-123"} <= suspected


def test_the_only_message_of_a_label_is_not_judged(rng: np.random.Generator) -> None:
    rows = relabelled(tickets(rng, each=30), 4, to=("legal",))
    found = judged(rows)
    assert found.judged == 89
    assert "m-4" not in {one.id for one in found.found}


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_handful_of_messages_is_no_error(rng: np.random.Generator, count: int) -> None:
    found = judged(tickets(rng, each=2)[:count])
    assert found.rows == count


def test_one_label_alone_has_no_suspects(rng: np.random.Generator) -> None:
    rows = relabelled(tickets(rng, each=5), *range(15), to=("billing",))
    assert judged(rows).found == ()


def test_a_missing_label_of_several_is_found(rng: np.random.Generator) -> None:
    rows = tickets(rng, each=40)
    both = [(f"{one} {other}", {"team": ("access", "billing")}) for (one, _), (other, _) in zip(
        rows[0:60:3], rows[1:60:3], strict=True
    )]  # fmt: skip
    rows = [*rows, *both]
    rows = relabelled(rows, 125, to=("access",))
    found = judged(rows, "team")
    assert "m-125" in {one.id for one in found.found[:5]}


def test_messages_that_nobody_asked_are_left_alone(rng: np.random.Generator) -> None:
    rows = relabelled(tickets(rng, each=40), 0, to=("delivery",))
    rows = [("hello there", {}), *rows]
    found = judged(rows)
    assert found.rows == 120
    assert found.found[0].id == "m-1"


def test_small_blocks_and_few_answers_say_much_the_same(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What bounds the memory does not change who is suspected, nor how much but for rounding."""
    rows = relabelled(tickets(rng, each=40), 0, to=("delivery",))
    whole = judged(rows)
    monkeypatch.setattr(court, "SCORES_AT_ONCE", 30)
    monkeypatch.setattr(suspicions, "ROWS_AT_ONCE", 2)
    blocks = judged(rows)
    assert [replace(one, doubt=0.0) for one in blocks.found] == [
        replace(one, doubt=0.0) for one in whole.found
    ]
    assert [one.doubt for one in blocks.found] == pytest.approx(
        [one.doubt for one in whole.found], abs=1e-6
    )
    monkeypatch.setattr(court, "MOST_ANSWERS", 10)
    assert judged(rows).found[0].id == whole.found[0].id
