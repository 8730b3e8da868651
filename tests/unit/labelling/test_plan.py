"""What a plan chooses, from a real release of hashes."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.messages import Message
from sortyard.domain.ports import Silence
from sortyard.labelling import pool as pool_module
from sortyard.labelling import ranking
from sortyard.labelling.picks import Pick
from sortyard.labelling.plan import plan, plan_cold
from sortyard.labelling.pool import Pool
from sortyard.labelling.signals import worth
from sortyard.labelling.strategies import Mix, Strategy
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import embed_with
from sortyard.text.preparation import Preparation
from tests.contracts.tiny_release import TEACHER, tiny_dataset, train_tiny

KNOWN = tiny_dataset(120, seed=1)
POOL = tuple(
    replace(one.message, id=f"p{at}") for at, one in enumerate(tiny_dataset(150, seed=2).examples)
)


EMBED = embed_with(TEACHER)


@cache
def tiny() -> Classifier:
    """Train once for all tests; no fixture, because Hypothesis would print it."""
    return train_tiny(KNOWN)


def _planned(
    classifier: Classifier, count: int, mix: str | None = None, *, pool: Pool | None = None
) -> tuple[Pick, ...]:
    return plan(
        pool or Pool(POOL, KNOWN.examples),
        count,
        classifier,
        EMBED,
        mix=Mix.parse(mix) if mix else None,
        rng=np.random.default_rng(4),
        progress=Silence(),
    )


@settings(max_examples=15, deadline=None)
@given(
    count=st.integers(1, 200),
    mix=st.sampled_from([None, "random", "entropy=1,rare=1", "siblings", "novelty=2,margin=1"]),
)
def test_as_many_are_chosen_as_there_are_labels_and_none_twice(count: int, mix: str | None) -> None:
    found = _planned(tiny(), count, mix)

    ids = [one.message.id for one in found]
    fresh = len({one.whole for one in POOL} - {one.message.whole for one in KNOWN.examples})
    assert len(set(ids)) == len(ids) >= min(count, fresh)
    assert len(ids) <= count


def test_the_same_seed_chooses_the_same() -> None:
    first, second = (_planned(tiny(), 30) for _ in range(2))

    assert first == second


def test_it_does_not_matter_in_which_batches_the_pool_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = _planned(tiny(), 30)
    monkeypatch.setattr(pool_module, "BATCH", 17)

    assert {one.message.id for one in _planned(tiny(), 30)} == {one.message.id for one in whole}


def test_a_large_pool_is_read_closely_where_its_student_would_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranking, "WHOLE", 10)
    monkeypatch.setattr(ranking, "WIDER", 1)

    thorough = tiny().reading_everything()
    found = _planned(thorough, 20, "margin")

    supports = {one.dimension.name: np.zeros(len(one.labels), np.intp) for one in thorough.models}
    closely = thorough.judge([one.message.text for one in found])
    worths = worth(thorough.models, closely, supports)[Strategy.MARGIN]
    assert [one.worth for one in found] == pytest.approx(worths.tolist())
    assert len({one.message.id for one in found}) == 20


def test_where_all_of_a_large_pool_is_read_closely_the_plan_is_that_of_a_small_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thorough = tiny().reading_everything()
    whole = _planned(thorough, 30)
    monkeypatch.setattr(ranking, "WHOLE", 10)
    monkeypatch.setattr(ranking, "WIDER", len(POOL))

    assert _planned(thorough, 30) == whole


def test_what_is_labelled_is_not_asked_again() -> None:
    known = KNOWN.examples[0].message
    again = replace(known, id="again", text=known.text.upper() + "!")
    pool = Pool((again, *POOL[:40]), KNOWN.examples)

    found = _planned(tiny(), 40, "margin", pool=pool)

    assert "again" not in {one.message.id for one in found}


def test_a_text_that_came_twice_is_asked_once() -> None:
    pool = Pool([*POOL[:20], *(replace(one, id=f"{one.id}b") for one in POOL[:20])])

    found = _planned(tiny(), 40, "margin", pool=pool)

    assert len({one.message.text for one in found}) == len(found)


def test_the_unsure_come_before_the_sure() -> None:
    found = _planned(tiny(), 20, "margin")

    judged = tiny().judge([one.text for one in POOL])["team"].probabilities
    best = np.sort(judged, axis=1)
    lead = dict(zip((one.id for one in POOL), best[:, -1] - best[:, -2], strict=True))
    chosen = np.mean([lead[one.message.id] for one in found])
    assert chosen < np.mean(list(lead.values()))


def test_what_chance_draws_says_how_likely_that_was() -> None:
    found = _planned(tiny(), 30, "random=1,margin=1")

    chances = {one.chance for one in found if one.strategy is Strategy.RANDOM}
    assert chances == {15 / len(POOL)}
    assert all(one.chance is None for one in found if one.strategy is not Strategy.RANDOM)


def test_labels_that_the_release_does_not_believe_are_asked_about() -> None:
    example = next(one for one in KNOWN.examples if one.labels.get("team") == ("billing",))
    wrong = replace(example, labels={"team": ("delivery",)})
    known = [wrong if one is example else one for one in KNOWN.examples]

    (found,) = _planned(tiny(), 1, "doubtful", pool=Pool(POOL, known))

    assert (found.message.id, found.strategy) == (example.message.id, Strategy.DOUBTFUL)


def test_a_share_that_finds_nothing_goes_to_the_others() -> None:
    flat = replace(tiny(), models=tiny().models[:1])  # `team` has no siblings

    found = _planned(flat, 20, "siblings=1,margin=1")

    assert {one.strategy for one in found} == {Strategy.MARGIN}
    assert len(found) == 20


def test_a_rare_label_is_looked_for() -> None:
    few = [one for one in KNOWN.examples if one.labels.get("team") != ("access",)]
    flat = replace(tiny(), models=tiny().models[:1])

    found = _planned(flat, 15, "rare", pool=Pool(POOL, few))

    judged = flat.judge([one.message.text for one in found])["team"].probabilities
    column = flat.models[0].labels.index("access")
    assert (judged.argmax(axis=1) == column).mean() > 0.5


@settings(max_examples=10, deadline=None)
@given(count=st.integers(1, 170))
def test_without_a_release_what_is_typical_comes_first(count: int) -> None:
    found = plan_cold(
        Pool(POOL),
        count,
        Preparation.default(),
        EMBED,
        rng=np.random.default_rng(4),
        progress=Silence(),
    )

    ids = [one.message.id for one in found]
    assert len(set(ids)) == len(ids)
    assert {one.strategy for one in found} <= {Strategy.TYPICAL, Strategy.RANDOM}
    assert len(ids) == min(count, len(POOL))


def test_texts_of_nothing_are_never_chosen_for_their_worth() -> None:
    pool = Pool([Message("empty", "   "), *POOL[:30]])

    found = _planned(tiny(), 31, "margin", pool=pool)

    assert "empty" not in {one.message.id for one in found}
