"""The consensus knows more than the majority does, and says when it knows nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.votes import Votes
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.agreement.consensus import find_consensus
from tests.unit.evaluation.agreement.votes_for_tests import rows, simulated, votes_of


def accuracy(answers, truth):
    return np.mean([one == (true,) for one, true in zip(answers, truth, strict=True)])


def majority(votes):
    found = []
    for at in range(len(votes.messages)):
        given_ = votes.answer[votes.message == at]
        found.append(votes.answers[np.bincount(given_).argmax()])
    return found


def test_one_good_annotator_outweighs_several_bad_ones(rng):
    right = (0.95, 0.45, 0.45, 0.45, 0.45)
    votes, truth = simulated(rng, messages=600, annotators=5, labels=4, right=right)
    found = find_consensus(votes)

    assert accuracy(found.answers, truth) > accuracy(majority(votes), truth) + 0.1
    assert accuracy(found.answers, truth) > 0.9


def test_the_consensus_of_equals_beats_each_of_them(rng):
    votes, truth = simulated(rng, messages=600, annotators=5, labels=3, right=0.75)
    best = max(
        np.mean([votes.answers[a] == (truth[m],) for m, a in zip(mine, theirs, strict=True)])
        for one in range(5)
        for mine, theirs in [
            (votes.message[votes.annotator == one], votes.answer[votes.annotator == one])
        ]
    )

    assert accuracy(find_consensus(votes).answers, truth) > best + 0.05


def test_reliability_is_about_the_share_that_is_right(rng):
    right = (0.95, 0.85, 0.75, 0.65)
    votes, _ = simulated(rng, messages=2_000, annotators=4, labels=4, right=right)
    found = find_consensus(votes).reliability

    assert [found[f"a{one}"] for one in range(4)] == pytest.approx(right, abs=0.03)


@given(rows())
def test_the_consensus_is_an_answer_that_somebody_gave(table):
    votes = votes_of(table)
    found = find_consensus(votes)

    for row, answer, support in zip(table, found.answers, found.support, strict=True):
        given_ = {one for one in row if one is not None}
        assert answer is None or answer[0] in given_
        assert (answer is None) == (support == 0.0)
        if len(given_) == 1:
            assert (answer, support) == ((given_.pop(),), pytest.approx(1.0))


@given(rows(), st.permutations("pqrs"))
def test_names_make_no_difference(table, names):
    votes = votes_of(table)
    renamed = dict(zip(("billing", "orders/late", "orders/lost", "sales"), names, strict=True))
    after = votes_of([[one and renamed[one] for one in row[::-1]] for row in table])
    before, found = find_consensus(votes), find_consensus(after)

    assert found.support == pytest.approx(before.support, abs=1e-6)
    assert found.answers == tuple(one and (renamed[one[0]],) for one in before.answers)


def test_one_against_one_with_nothing_to_tell_them_apart_is_no_answer():
    found = find_consensus(votes_of([["a", "b"], ["b", "a"]]))

    assert (found.answers, found.support) == ((None, None), (0.0, 0.0))


def test_a_message_without_a_vote_has_no_answer():
    found = find_consensus(votes_of([["a", "a"], [None, None]]))

    assert (found.answers, found.support) == ((("a",), None), (1.0, 0.0))


def test_what_was_decided_is_right_even_if_nobody_said_so():
    votes = votes_of([["a", "a"], ["a", "b"], ["b", "b"]])
    found = find_consensus(votes, decided={"m0": ("c",), "elsewhere": ("b",)})

    assert (found.answers[0], found.support[0]) == (("c",), 0.0)


def test_decisions_tell_who_is_reliable():
    """Two who never agree: some decisions for the one settle the rest for them."""
    votes = votes_of([["a", "b"] if at % 2 else ["b", "a"] for at in range(40)])
    decided = {f"m{at}": ("a",) if at % 2 else ("b",) for at in range(10)}
    found = find_consensus(votes, decided=decided)

    assert found.answers[11:13] == (("a",), ("b",))
    assert found.reliability["a0"] > 0.9
    assert found.reliability["a1"] < 0.1


def test_sets_are_put_together_label_by_label(rng):
    labels = ("a", "b", "c")
    truth = [tuple(one for one in labels if rng.random() < 0.4) for _ in range(300)]
    table = [
        [
            [one for one in labels if (one in true) == (rng.random() < right)]
            for right in (0.9, 0.9, 0.9, 0.6)
        ]
        for true in truth
    ]
    votes = votes_of(table, kind=Kind.MULTI)
    found = find_consensus(votes)
    right = np.mean([one == true for one, true in zip(found.answers, truth, strict=True)])

    assert right > 0.85
    assert (
        max(
            np.mean([tuple(row[one]) == true for row, true in zip(table, truth, strict=True)])
            for one in range(4)
        )
        < right
    )


def test_sets_may_be_empty_tied_or_decided():
    table = [[[], []], [["a"], []], [["a"], ["a", "b"]], [None, None]]
    votes = votes_of(table, kind=Kind.MULTI)
    found = find_consensus(votes, decided={"m1": ("c",)})

    assert (found.answers[0], found.support[0]) == ((), 1.0)
    assert found.answers[1] == ("c",)
    assert found.answers[3] is None


def test_votes_without_a_single_label_are_agreement_on_none():
    votes = Votes.of("flags", Kind.MULTI, {("m", "a"): (), ("m", "b"): ()})

    assert find_consensus(votes).answers == ((),)


def test_a_parent_and_its_child_are_different_answers():
    table = [["orders", "orders/late", "orders/late"], ["orders", "orders", "orders"]]

    assert find_consensus(votes_of(table)).answers[0] in {("orders",), ("orders/late",)}


def test_labels_named_by_lot_do_not_hold(rng):
    """Whoever names labels at random is not believed because others could have missed them."""
    table = [[[one for one in "abcd" if rng.random() < 0.2] for _ in range(3)] for _ in range(200)]
    found = find_consensus(votes_of(table, kind=Kind.MULTI))
    lone = [
        label in answer
        for row, answer in zip(table, found.answers, strict=True)
        for label in "abcd"
        if sum(label in one for one in row) == 1 and answer is not None
    ]

    assert np.mean(lone) < 0.05
