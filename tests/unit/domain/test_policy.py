"""A policy routes answers, and nothing that the taxonomy forbids goes past a person."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.policy import Basis, DimensionPolicy, Evidence, Routing, Thresholds
from sortyard.domain.predictions import Candidate, Reason, Route
from sortyard.domain.taxonomy import Dimension, Label

PATHS = ("billing", "billing/refunds", "legal", "legal/threats", "tech")
ORDER = (Route.REVIEW, Route.CONFIRM, Route.AUTO)

chances = st.floats(min_value=0.0, max_value=1.0)
paths = st.sampled_from(PATHS)


@st.composite
def thresholds(draw: st.DrawFn) -> Thresholds:
    low, high = sorted((draw(chances), draw(chances)))
    return Thresholds(draw(st.none() | st.just(high)), low)


evidence = st.builds(
    Evidence,
    basis=st.sampled_from(Basis),
    target=chances,
    rows=st.integers(0, 100),
    right=st.integers(0, 100),
    promised=chances,
)
policies = st.builds(
    DimensionPolicy,
    dimension=st.just("team"),
    target_precision=chances,
    fallback=thresholds(),
    thresholds=st.dictionaries(paths, thresholds()),
    roll_up=st.dictionaries(paths, chances),
    novelty_limit=st.none() | chances,
    minimum_confidence=st.none() | chances,
    minimum_confidences=st.dictionaries(paths, chances),
    always_review=st.frozensets(paths, max_size=1),
    evidence=st.dictionaries(paths, evidence),
    shared_evidence=st.none() | evidence,
)


def policy(**changes: object) -> DimensionPolicy:
    parts: dict[str, object] = {
        "dimension": "team",
        "target_precision": 0.95,
        "fallback": Thresholds(0.9, 0.5),
    }
    return DimensionPolicy(**(parts | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("confidence", "route"),
    [
        (0.95, Route.AUTO),
        (0.9, Route.AUTO),
        (0.6, Route.CONFIRM),
        (0.5, Route.CONFIRM),
        (0.4, Route.REVIEW),
    ],
)
def test_confidence_decides_who_acts(confidence: float, route: Route) -> None:
    assert policy().route("tech", confidence) == Routing(route)


def test_a_labels_own_thresholds_come_before_the_dimensions() -> None:
    own = policy(thresholds={"tech": Thresholds(0.7, 0.3)})

    assert own.route("tech", 0.7).route is Route.AUTO
    assert own.route("billing", 0.7).route is Route.CONFIRM


def test_without_evidence_the_machine_never_answers_alone() -> None:
    assert policy(fallback=Thresholds(None, 0.5)).route("tech", 1.0) == Routing(
        Route.CONFIRM, Reason.NO_EVIDENCE
    )


def test_an_unsure_answer_without_evidence_is_reviewed() -> None:
    assert policy(fallback=Thresholds(None, 0.5)).route("tech", 0.4) == Routing(
        Route.REVIEW, Reason.NO_EVIDENCE
    )


@pytest.mark.parametrize("label", ["legal", "legal/threats"])
def test_what_always_needs_a_person_gets_one(label: str) -> None:
    """The rule holds for everything below a label too."""
    assert policy(always_review=frozenset({"legal"})).route(label, 1.0) == Routing(
        Route.REVIEW, Reason.ALWAYS_REVIEW
    )


def test_a_novel_message_goes_to_a_person() -> None:
    limited = policy(novelty_limit=0.8)

    assert limited.route("tech", 1.0, novelty=0.8) == Routing(Route.REVIEW, Reason.NOVEL)
    assert limited.route("tech", 1.0, novelty=0.79) == Routing(Route.AUTO)
    assert limited.route("tech", 1.0) == Routing(Route.AUTO)


@pytest.mark.parametrize(
    ("label", "minimum"), [("billing/refunds", 0.99), ("billing", 0.97), ("tech", 0.95)]
)
def test_the_nearest_minimum_counts(label: str, minimum: float) -> None:
    """A label's own, else its parent's, else the dimension's."""
    asked = policy(
        minimum_confidence=0.95, minimum_confidences={"billing/refunds": 0.99, "billing": 0.97}
    )

    assert asked.minimum_of(label) == minimum
    assert asked.route(label, minimum).route is Route.AUTO
    assert asked.route(label, minimum - 0.001) == Routing(Route.REVIEW, Reason.BELOW_MINIMUM)


def test_a_rolled_up_parent_is_answered_alone_only_where_that_was_proven() -> None:
    proven = policy(roll_up={"billing": 0.8})

    assert proven.route_rolled_up("billing", 0.85) == Routing(Route.AUTO, Reason.ROLLED_UP)
    assert proven.route_rolled_up("billing", 0.75) == Routing(Route.CONFIRM, Reason.ROLLED_UP)
    assert proven.route_rolled_up("legal", 0.99) == Routing(Route.CONFIRM, Reason.ROLLED_UP)


def test_a_set_is_routed_by_the_confidence_that_all_of_it_is_right() -> None:
    answers = (Candidate("billing", 0.99), Candidate("tech", 0.6))

    assert policy().route_set(answers, 0.92).route is Route.AUTO
    assert policy().route_set((), 0.92).route is Route.AUTO
    assert policy().route_set(answers, 0.6).route is Route.CONFIRM


def test_one_label_that_needs_a_person_sends_the_whole_set() -> None:
    answers = (Candidate("billing", 0.99), Candidate("legal", 0.99))

    assert policy(always_review=frozenset({"legal"})).route_set(answers, 1.0) == Routing(
        Route.REVIEW, Reason.ALWAYS_REVIEW
    )


def test_one_label_below_its_minimum_sends_the_whole_set() -> None:
    answers = (Candidate("billing", 0.99), Candidate("tech", 0.7))

    assert policy(minimum_confidences={"tech": 0.8}).route_set(answers, 0.99) == Routing(
        Route.REVIEW, Reason.BELOW_MINIMUM
    )


@given(policies, paths, chances, chances, st.none() | chances)
def test_more_confidence_never_means_more_people(
    any_policy: DimensionPolicy, label: str, one: float, other: float, novelty: float | None
) -> None:
    less, more = sorted((one, other))
    for route in (any_policy.route, any_policy.route_rolled_up):
        before, after = route(label, less, novelty), route(label, more, novelty)
        assert ORDER.index(after.route) >= ORDER.index(before.route)


@given(policies, paths, chances, chances, chances)
def test_more_novelty_never_means_fewer_people(
    any_policy: DimensionPolicy, label: str, confidence: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    familiar = any_policy.route(label, confidence, less)
    strange = any_policy.route(label, confidence, more)

    assert ORDER.index(strange.route) <= ORDER.index(familiar.route)


@given(policies)
def test_a_policy_survives_storage(any_policy: DimensionPolicy) -> None:
    stored = json.loads(json.dumps(any_policy.to_dict()))

    assert DimensionPolicy.from_dict(stored) == any_policy


def test_a_policy_survives_a_trip_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(policy())) == policy()


@pytest.mark.parametrize(
    "change",
    [
        {"fallback": None},
        {"fallback": {"auto": 2.0, "confirm": 0.5}},
        {"surprise": 1},
        {"evidence": {"tech": {"basis": "hearsay", "target": 0.9}}},
    ],
)
def test_what_is_not_a_policy_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidSettings, match=r"policy\.json"):
        DimensionPolicy.from_dict(policy().to_dict() | change)


@pytest.mark.parametrize(("auto", "confirm"), [(0.5, 0.6), (1.1, 0.5), (None, float("nan"))])
def test_impossible_thresholds_are_refused(auto: float | None, confirm: float) -> None:
    with pytest.raises(InvalidSettings, match=r"confirm|auto"):
        Thresholds(auto, confirm)


def test_the_taxonomys_demands_are_part_of_the_policy() -> None:
    legal = Label(name="legal", always_review=True)
    refunds = Label(name="refunds", minimum_confidence=0.9)
    dimension = Dimension(
        name="team",
        labels=(Label(name="billing", children=(refunds,)), legal),
        minimum_confidence=0.3,
    )

    made = DimensionPolicy.of(dimension, target_precision=0.95, fallback=Thresholds(0.9, 0.5))

    assert made.always_review == {"legal"}
    assert made.minimum_of("billing/refunds") == 0.9
    assert made.minimum_of("billing") == 0.3
