"""A promised precision is kept on fresh messages, in at least the stated share of draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.policy import Basis
from sortyard.evaluation.intervals import lower_bound
from sortyard.evaluation.thresholds import (
    auto_threshold,
    auto_thresholds,
    confirm_threshold,
    target_for,
)

DRAWS = 300
ALLOWED = 0.05 + 2.0 * np.sqrt(0.05 * 0.95 / DRAWS)  # two standard errors of a share of 5 %


@st.composite
def held_out(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Confidences with many ties, and answers that are right about as often as they say."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows = draw(st.integers(0, 400))
    confidence = np.round(rng.random(rows), 1)
    return confidence, rng.random(rows) < confidence ** draw(st.sampled_from([0.1, 0.5, 2.0]))


def broken_share(chance_of: object, rows: int, rng: np.random.Generator) -> float:
    """In how many draws the true precision above the threshold is below 0.95."""
    fresh = rng.random(20_000)
    true_chance = np.asarray(chance_of(fresh))  # type: ignore[operator]
    broken = 0
    for _ in range(DRAWS):
        confidence = rng.random(rows)
        right = rng.random(rows) < chance_of(confidence)  # type: ignore[operator]
        threshold = auto_threshold(confidence, right, target=0.95)
        if threshold is not None:
            broken += true_chance[fresh >= threshold].mean() < 0.95
    return broken / DRAWS


@pytest.mark.parametrize("rows", [80, 300, 2_000])
def test_the_promise_is_kept_where_confidence_says_nothing(
    rows: int, rng: np.random.Generator
) -> None:
    """The worst case: every threshold is just too low, so each one tried is a chance to err."""
    assert broken_share(lambda confidence: np.full(confidence.shape, 0.949), rows, rng) <= ALLOWED


@pytest.mark.parametrize("rows", [80, 300, 2_000])
def test_the_promise_is_kept_where_confidence_is_honest(
    rows: int, rng: np.random.Generator
) -> None:
    assert broken_share(lambda confidence: 1.0 - (1.0 - confidence) / 2.0, rows, rng) <= ALLOWED


def test_a_naive_scan_would_break_the_promise(rng: np.random.Generator) -> None:
    """Why the walk is there: the luckiest of many thresholds looks better than it is."""
    broken = 0
    for _ in range(DRAWS):
        right = rng.random(500) < 0.949
        broken += any(
            lower_bound(int(right[:rows].sum()), rows) >= 0.95 for rows in range(59, 501, 7)
        )

    assert broken / DRAWS > 2 * ALLOWED


def test_little_coverage_is_lost_to_the_promise(rng: np.random.Generator) -> None:
    confidence = rng.random(20_000)
    right = rng.random(20_000) < 1.0 - (1.0 - confidence) / 2.0  # 0.95 is reached from 0.8 on

    threshold = auto_threshold(confidence, right, target=0.95)

    assert threshold is not None
    assert 0.79 < threshold < 0.85


@given(held_out())
def test_what_is_routed_alone_meets_the_exact_bound(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    confidence, right = drawn

    threshold = auto_threshold(confidence, right, target=0.8)

    if threshold is not None:
        above = right[confidence >= threshold]
        assert lower_bound(int(above.sum()), len(above)) >= 0.8


@given(held_out(), st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(drawn: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    confidence, right = drawn
    order = np.random.default_rng(seed).permutation(len(right))

    assert auto_threshold(confidence[order], right[order], target=0.8) == auto_threshold(
        confidence, right, target=0.8
    )


def test_58_right_answers_are_no_proof_and_59_are() -> None:
    def of(rows: int) -> float | None:
        return auto_threshold(np.full(rows, 0.9), np.ones(rows, dtype=bool), target=0.95)

    assert of(58) is None
    assert of(59) == 0.9


def labelled(
    rng: np.random.Generator, chances: dict[int, float], rows: dict[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows of labels that are right with a chance of their own, whatever the confidence."""
    answered = np.repeat(list(rows), list(rows.values()))
    right = rng.random(len(answered)) < np.array([chances[label] for label in answered])
    return rng.random(len(answered)), answered, right


def test_a_label_that_proves_the_target_stands_on_its_own(rng: np.random.Generator) -> None:
    rows = labelled(rng, {0: 1.0, 1: 0.5}, {0: 200, 1: 200})

    found = auto_thresholds(*rows, target=0.95)

    assert found.labels[0].evidence.basis is Basis.OWN
    assert found.labels[0].evidence.promised >= 0.95
    assert found.labels[1].value is None


def test_labels_with_few_rows_are_judged_together(rng: np.random.Generator) -> None:
    rows = labelled(rng, dict.fromkeys(range(20), 1.0), dict.fromkeys(range(20), 10))

    found = auto_thresholds(*rows, target=0.95)

    assert {one.evidence.basis for one in found.labels.values()} == {Basis.SHARED}
    assert {one.value for one in found.labels.values()} == {found.shared.value}
    assert found.shared.value is not None


def test_easy_labels_do_not_vouch_for_hard_ones(rng: np.random.Generator) -> None:
    """Over all rows together the target is met; the hard labels still prove nothing."""
    rows = labelled(
        rng,
        {0: 1.0} | dict.fromkeys(range(1, 6), 0.7),
        {0: 3_000, 1: 40, 2: 40} | dict.fromkeys(range(3, 6), 40),
    )

    found = auto_thresholds(*rows, target=0.9)

    assert rows[2].mean() > 0.95
    assert found.shared.value is None


def test_a_label_that_is_clearly_worse_does_not_hide_among_the_others(
    rng: np.random.Generator,
) -> None:
    chances = dict.fromkeys(range(30), 1.0) | {30: 0.6}
    rows = labelled(rng, chances, dict.fromkeys(range(31), 40))

    found = auto_thresholds(*rows, target=0.95)

    assert found.shared.value is not None
    assert found.labels[30].value is None
    assert found.labels[30].evidence.basis is Basis.BELOW_TARGET


def test_names_of_labels_do_not_matter(rng: np.random.Generator) -> None:
    confidence, answered, right = labelled(rng, {0: 0.99, 1: 0.9, 2: 0.97}, {0: 150, 1: 90, 2: 300})
    renamed = np.array([7, 5, 1])

    plain = auto_thresholds(confidence, answered, right, target=0.9)
    other = auto_thresholds(confidence, renamed[answered], right, target=0.9)

    assert {int(renamed[label]): one for label, one in plain.labels.items()} == other.labels


def test_no_rows_prove_nothing() -> None:
    nothing = np.zeros(0)

    found = auto_thresholds(nothing, nothing.astype(int), nothing.astype(bool), target=0.95)

    assert found.shared.value is None
    assert not found.labels


def test_labels_that_vary_keep_the_promise_together(rng: np.random.Generator) -> None:
    """With own and shared thresholds, labels taken out and labels lowered."""
    broken = 0
    labels = 12
    for _ in range(DRAWS // 3):
        skill = rng.normal(size=labels)
        fresh = rng.random(6_000), rng.integers(0, labels, 6_000)
        rows = rng.random(600), rng.integers(0, labels, 600)
        chance = [1.0 / (1.0 + np.exp(-(6.0 * c - 1.0 + skill[a]))) for c, a in (fresh, rows)]
        found = auto_thresholds(*rows, rng.random(600) < chance[1], target=0.95)
        values = [found.labels[one].value if one in found.labels else None for one in range(labels)]
        enough = np.array([np.inf if value is None else value for value in values])
        alone = fresh[0] >= enough[fresh[1]]
        broken += bool(alone.any()) and chance[0][alone].mean() < 0.95

    assert broken / (DRAWS // 3) <= 0.05


@pytest.mark.parametrize(("cost", "target"), [(0.0, 0.95), (0.5, 0.95), (1.0, 0.95), (2.0, 0.975)])
def test_costly_mistakes_ask_for_more_proof(cost: float, target: float) -> None:
    assert target_for(cost, 0.95) == pytest.approx(target)


@pytest.mark.parametrize(("cost", "needed"), [(0.0, 0.0), (0.3, 0.0), (1.0, 0.7), (2.0, 0.85)])
def test_costly_mistakes_ask_for_more_confidence_to_confirm(cost: float, needed: float) -> None:
    assert confirm_threshold(cost) == pytest.approx(needed)
