"""Annotators are held against the others, labels against each other, and work is ranked."""

from collections import Counter
from time import process_time

import numpy as np
import pytest
from hypothesis import given

from sortyard.domain.errors import TooFewVotes
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.agreement.against_others import (
    AgainstOthers,
    Verdict,
    measure_against_others,
)
from sortyard.evaluation.agreement.annotator_pairs import measure_annotator_pairs
from sortyard.evaluation.agreement.consensus import find_consensus
from sortyard.evaluation.agreement.label_pairs import measure_label_pairs
from sortyard.evaluation.agreement.lots import Lots
from sortyard.evaluation.agreement.measuring import measure_agreement
from sortyard.evaluation.agreement.work import divided_messages
from tests.unit.evaluation.agreement.votes_for_tests import rows, simulated, votes_of


def lots_of(votes):
    return Lots.deal(votes, rng=np.random.default_rng(3), replicates=50)


def ahead(others):
    """The one answer that most of them gave."""
    ranked = Counter(others).most_common()
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def agreed_set(others):
    """Every label that more than half of them gave; None where half did."""
    counts = Counter(label for one in others for label in one)
    if not others or any(2 * count == len(others) for count in counts.values()):
        return None
    return tuple(sorted(label for label, count in counts.items() if 2 * count > len(others)))


def counted(table, most):
    """Votes, votes that can be compared, and votes that are the same, one by one."""
    found = {}
    for column in range(len(table[0])):
        votes = compared = same = 0
        for row in table:
            if row[column] is None:
                continue
            others = [one for at, one in enumerate(row) if at != column and one is not None]
            majority = most(others)
            votes += 1
            compared += majority is not None
            same += majority is not None and majority == row[column]
        if votes:
            found[f"a{column}"] = (votes, compared, same)
    return found


@given(rows())
def test_an_annotator_is_compared_with_the_majority_of_the_others(table):
    found = measure_against_others(votes_of(table))

    assert {one.annotator: (one.votes, one.compared, one.same) for one in found} == counted(
        table, ahead
    )


@given(rows())
def test_sets_of_labels_are_compared_label_by_label(table):
    sets = [[one and tuple(sorted(set(one.split("/")))) for one in row] for row in table]
    sets = [[() if one == ("sales",) else one for one in row] for row in sets]
    found = measure_against_others(votes_of(sets, kind=Kind.MULTI))

    assert {one.annotator: (one.votes, one.compared, one.same) for one in found} == counted(
        sets, agreed_set
    )


@pytest.mark.parametrize(
    ("compared", "same", "verdict"),
    [
        (10, 6, Verdict.UNSURE),
        (1_000, 800, Verdict.LOW),
        (1_000, 900, Verdict.FINE),
        (20, 20, Verdict.UNSURE),
        (0, 0, Verdict.UNKNOWN),
    ],
)
def test_a_verdict_needs_enough_votes(compared, same, verdict):
    assert AgainstOthers("anna", compared, compared, same).verdict is verdict


def test_pairs_who_shared_few_messages_are_counted_and_not_measured():
    table = [["a", "b", None]] * 25 + [["b", "b", "a"]] * 5
    found = measure_annotator_pairs(votes_of(table), lots_of(votes_of(table)))

    assert ([(one.one, one.other) for one in found.pairs], found.too_few) == ([("a0", "a1")], 2)


def test_the_pair_that_is_split_most_comes_first():
    table = [["a", "b", "b"]] * 6 + [["a", "c", "c"]] * 2 + [["c", "c", "c"]] * 20
    votes = votes_of(table)
    first, second = measure_label_pairs(votes, lots_of(votes))

    assert (first.one, first.other, first.messages) == ("a", "b", 6)
    assert (second.one, second.other, second.messages) == ("a", "c", 2)
    assert (first.share, second.share) == pytest.approx((0.75, 0.25))


def test_the_alpha_of_a_pair_looks_at_votes_for_the_two_alone():
    table = [["a", "b", "c"]] * 12 + [["a", "a", "c"]] * 12 + [["b", "b", "c"]] * 12
    votes = votes_of(table)
    pair = next(one for one in measure_label_pairs(votes, lots_of(votes)) if one.other == "b")
    alone = votes_of([row[:2] for row in table])
    agreement = measure_agreement(alone, rng=np.random.default_rng(1), replicates=10)

    assert pair.alpha.value == pytest.approx(agreement.alpha.value)
    assert pair.needs_decision(0.8)


def test_siblings_have_one_parent():
    table = [["orders/late", "orders/lost"], ["orders/late", "billing"]]
    votes = votes_of(table)
    found = {one.other: one.are_siblings for one in measure_label_pairs(votes, lots_of(votes))}

    assert found == {"orders/lost": True, "orders/late": False}


def test_a_label_that_is_left_out_of_a_set_is_taken_for_no_other():
    votes = votes_of([[["a"], ["a", "b"]], [["a"], ["b"]]], kind=Kind.MULTI)
    (pair,) = measure_label_pairs(votes, lots_of(votes))

    assert (pair.one, pair.other, pair.messages) == ("a", "b", 1)


def test_full_agreement_leaves_no_pair_and_no_work():
    votes = votes_of([["a", "a"], ["b", "b"]])

    assert measure_label_pairs(votes, lots_of(votes)) == ()
    assert divided_messages(votes, find_consensus(votes)) == ()


def test_the_message_with_the_least_support_is_decided_first():
    table = [["a"] * 5] * 6 + [["a", "a", "a", "a", "b"], ["a", "a", "c", "b", "b"]]
    votes = votes_of(table)
    found = divided_messages(votes, find_consensus(votes))

    assert [one.message for one in found] == ["m7", "m6"]
    assert found[1].votes == ((("a",), 4), (("b",), 1))


def test_what_is_decided_is_no_longer_work():
    votes = votes_of([["a", "b"], ["b", "a"]])
    found = measure_agreement(
        votes, rng=np.random.default_rng(1), replicates=5, decided={"m0": ("a",)}
    )

    assert ([one.message for one in found.work], found.decided) == (["m1"], 1)


def test_a_gate_asks_for_a_defined_alpha(rng):
    same = measure_agreement(votes_of([["a", "a"]] * 5), rng=rng, replicates=5)
    perfect = measure_agreement(votes_of([["a", "a"], ["b", "b"]]), rng=rng, replicates=5)

    assert (same.passes(0.0), perfect.passes(1.0)) == (False, True)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([["a"], ["b"]], "all votes are by one annotator, 'a0'"),
        ([["a", None], [None, "b"]], "no message has votes of two annotators"),
    ],
)
def test_nobody_to_compare_with_is_an_error(table, why, rng):
    with pytest.raises(TooFewVotes, match=why):
        measure_agreement(votes_of(table), rng=rng)


@given(rows())
def test_whatever_the_votes_everything_has_a_figure_or_a_reason(table):
    votes = votes_of(table)
    people = len(votes.annotators)
    if people < 2:
        return
    found = measure_agreement(votes, rng=np.random.default_rng(1), replicates=20)
    figures = [found.alpha, found.fleiss, *(one.alpha for one in found.labels)]

    assert all((one.value is None) == bool(one.why) for one in figures)
    assert all(one.value is None or -1.0 <= one.value <= 1.0 for one in figures)


def test_a_hundred_thousand_votes_take_a_second_or_two(rng):
    """Counted in seconds of a processor, so that busy neighbours do not matter."""
    votes, _ = simulated(rng, messages=20_000, annotators=5, labels=20, right=0.8)
    began = process_time()
    measure_agreement(votes, rng=rng)

    assert process_time() - began < 4.0
