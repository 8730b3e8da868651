"""Alpha and kappa are what the reference implementations give, whatever the labels are called."""

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from sortyard.data.votes import Votes
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.agreement.annotator_pairs import measure_annotator_pairs
from sortyard.evaluation.agreement.distances import masi
from sortyard.evaluation.agreement.lots import Lots
from sortyard.evaluation.agreement.overall import measure_labels, measure_overall
from tests.unit.evaluation.agreement.votes_for_tests import rows, simulated, table_of, votes_of


def lots_of(votes, replicates=20, seed=3):
    return Lots.deal(votes, rng=np.random.default_rng(seed), replicates=replicates)


def overall_of(votes):
    return measure_overall(votes, lots_of(votes))


@given(rows())
def test_alpha_is_that_of_the_library(table):
    votes = votes_of(table)
    pairable = [row for row in table if sum(one is not None for one in row) > 1]
    assume(len({one for row in pairable for one in row} - {None}) > 1)

    expected = krippendorff.alpha(
        reliability_data=table_of(votes).T, level_of_measurement="nominal"
    )

    assert overall_of(votes).alpha.value == pytest.approx(expected, abs=1e-9)


def test_alpha_of_the_published_example():
    """Four observers, twelve units and gaps [Krippendorff 2011, Computing alpha, C]: 0.743."""
    observers = ["123321412***", "1233224125*3", "*3332342251*", "12332441251*"]
    table = [[None if one == "*" else one for one in unit] for unit in zip(*observers, strict=True)]

    assert overall_of(votes_of(table)).alpha.value == pytest.approx(0.743, abs=5e-4)


def test_fleiss_kappa_of_a_well_known_example():
    """Ten items, fourteen raters and five labels, as encyclopaedias have it: 0.210."""
    counts = """
        0 0 0 0 14
        0 2 6 4 2
        0 0 3 5 6
        0 3 9 2 0
        2 2 8 1 1
        7 7 0 0 0
        3 2 6 3 0
        2 5 3 2 2
        6 5 2 1 0
        0 2 2 3 7
    """
    table = [
        [name for name, count in zip("abcde", line.split(), strict=True) for _ in range(int(count))]
        for line in counts.strip().splitlines()
    ]

    assert overall_of(votes_of(table)).fleiss.value == pytest.approx(0.210, abs=5e-4)


def test_cohen_kappa_is_that_of_scikit_learn(rng):
    votes, _ = simulated(rng, messages=80, annotators=4, labels=3, right=0.7)
    table = table_of(votes)
    found = measure_annotator_pairs(votes, lots_of(votes))

    assert len(found.pairs) == 6
    for pair in found.pairs:
        one, other = (table[:, votes.annotators.index(name)] for name in (pair.one, pair.other))
        assert pair.kappa.value == pytest.approx(cohen_kappa_score(one, other), abs=1e-9)


@given(rows(missing=False, least=3))
def test_alpha_is_fleiss_kappa_corrected_for_the_number_of_votes(table):
    votes = votes_of(table)
    assume(len(votes.answers) > 1)
    found = overall_of(votes)

    corrected = 1.0 - (1.0 - found.fleiss.value) * (len(votes) - 1) / len(votes)

    assert found.alpha.value == pytest.approx(corrected, abs=1e-12)


def test_with_two_annotators_who_use_labels_alike_cohen_s_kappa_is_fleiss_s():
    table = [["a", "a"]] * 30 + [["a", "b"]] * 5 + [["b", "a"]] * 5 + [["b", "b"]] * 20
    votes = votes_of(table)
    (pair,) = measure_annotator_pairs(votes, lots_of(votes)).pairs

    assert pair.kappa.value == pytest.approx(overall_of(votes).fleiss.value, abs=1e-12)


@given(rows(), st.permutations("pqrs"), st.randoms(use_true_random=False))
def test_names_and_the_order_of_rows_make_no_difference(table, names, random):
    votes = votes_of(table)
    renamed = dict(zip(("billing", "orders/late", "orders/lost", "sales"), names, strict=True))
    given_ = [
        ((f"x{message}", f"someone {9 - annotator}"), (renamed[votes.answers[answer][0]],))
        for message, annotator, answer in zip(
            votes.message, votes.annotator, votes.answer, strict=True
        )
    ]
    random.shuffle(given_)
    after = Votes.of("other", Kind.SINGLE, dict(given_))

    before, found = overall_of(votes), overall_of(after)
    for one, other in ((before.alpha, found.alpha), (before.fleiss, found.fleiss)):
        assert other.value == (None if one.value is None else pytest.approx(one.value, abs=1e-12))


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=20), st.integers(2, 5))
def test_perfect_agreement_is_one(answers, people):
    assume(len(set(answers)) > 1)
    found = overall_of(votes_of([[one] * people for one in answers]))

    assert (found.alpha.value, found.fleiss.value) == (1.0, 1.0)


def test_chance_is_about_nought(rng):
    table = rng.choice(list("abcd"), size=(2_000, 3)).tolist()
    found = overall_of(votes_of(table))

    assert found.alpha.value == pytest.approx(0.0, abs=0.02)
    assert found.alpha.interval.low < 0.0 < found.alpha.interval.high


def test_one_label_alone_has_no_alpha_and_says_why():
    found = overall_of(votes_of([["a", "a"]] * 30))

    assert (found.alpha.value, found.alpha.interval) == (None, None)
    assert "chance would agree as well" in found.alpha.why


def test_messages_with_one_vote_do_not_count():
    table = [["a", "a", None], ["a", "b", "b"], ["b", "b", "b"]]
    alone = [["a", None, None], [None, None, None]]

    assert overall_of(votes_of(table + alone)).alpha == overall_of(votes_of(table)).alpha


@given(rows())
def test_alpha_of_a_label_is_that_of_a_yes_or_no(table):
    votes = votes_of(table)
    for found in measure_labels(votes, lots_of(votes)):
        binary = [
            [None if one is None else str(one == found.label) for one in row] for row in table
        ]
        expected = overall_of(votes_of(binary)).alpha.value
        assert found.alpha.value == (
            None if expected is None else pytest.approx(expected, abs=1e-9)
        )


def test_a_label_without_votes_is_listed_and_says_so():
    votes = votes_of([["a", "b"], ["a", "a"]])
    found = {one.label: one for one in measure_labels(votes, lots_of(votes), known=["b", "c"])}

    assert list(found) == ["a", "b", "c"]
    assert (found["c"].votes, found["c"].alpha.why) == (0, "nobody has chosen it")


def test_a_label_that_only_lone_votes_name_has_no_alpha():
    votes = votes_of([["a", "b"], ["a", "a"], ["c", None]])
    found = {one.label: one for one in measure_labels(votes, lots_of(votes))}

    assert (found["c"].votes, found["c"].alpha.value) == (1, None)
    assert "no message that two people saw" in found["c"].alpha.why


def test_sets_of_labels_are_near_by_what_they_share():
    """The four cases of MASI [Passonneau 2006]: the same, a subset, an overlap, nothing."""
    apart = masi([("a", "b"), ("a",), ("a", "c"), ("c",), ()])

    assert apart[0] == pytest.approx([0.0, 1 - 1 / 2 * 2 / 3, 1 - 1 / 3 * 1 / 3, 1.0, 1.0])
    assert np.diag(apart) == pytest.approx([0.0] * 5)
    assert apart == pytest.approx(apart.T)


def test_alpha_of_sets_is_that_of_the_library_with_the_same_distance(rng):
    sets = [(), ("a",), ("b",), ("a", "b"), ("b", "c")]
    table = [[sets[one] for one in rng.integers(5, size=3)] for _ in range(40)]
    votes = votes_of(table, kind=Kind.MULTI)
    distance = masi(votes.answers)

    def ours(*_values, i1, i2, dtype, **_counts):
        return distance[np.asarray(i1, int), np.asarray(i2, int)].astype(dtype)

    expected = krippendorff.alpha(reliability_data=table_of(votes).T, level_of_measurement=ours)

    assert overall_of(votes).alpha.value == pytest.approx(expected, abs=1e-9)


def test_sets_of_one_label_are_as_single_labels():
    table = [["a", "a", "b"], ["b", "b", "b"], ["a", "c", "c"]]

    single, multi = (overall_of(votes_of(table, kind=kind)) for kind in Kind)

    assert multi.alpha.value == pytest.approx(single.alpha.value)
