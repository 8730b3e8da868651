"""Messages as tensors, whatever wire they come by."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidUsage, TooLarge, UnknownRelease
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Failure
from sortyard.domain.taxonomy import Dimension, Label, Taxonomy
from sortyard.models.classifier import Classifier
from sortyard.serving.intake import Limits
from sortyard.serving.served import Served
from sortyard.serving.tensors import (
    Element,
    Tensor,
    check_model,
    outputs,
    read_messages,
    read_parameters,
    write_outputs,
)


def _tensor(name: str, *elements: Element) -> Tensor:
    return Tensor(name, "BYTES", (len(elements),), elements)


def _served(release: Classifier, *results: object, dimensions: tuple[str, ...] = ()) -> Served:
    return Served(
        results=results,
        release=release.release,
        taxonomy=release.taxonomy,
        dimensions=dimensions or release.taxonomy.names,
        cached=0,
    )


LIMITS = Limits()


def _elements(served: Served, name: str) -> list[Element]:
    (tensor,) = write_outputs(served, [name])
    return list(tensor.elements)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_any_text_comes_through(texts: list[str]) -> None:
    """Whether it was sent as text, as JSON does, or as bytes."""
    typed = read_messages([_tensor("text", *texts)], LIMITS)
    raw = read_messages([_tensor("text", *(text.encode() for text in texts))], LIMITS)

    assert [one.text for one in typed if isinstance(one, Message)] == texts
    assert [one.text for one in raw if isinstance(one, Message)] == texts


def test_the_parts_of_a_message_are_put_together() -> None:
    (found,) = read_messages(
        [
            _tensor("metadata", '{"source": "email", "age": 3, "vip": true, "score": 0.5}'),
            _tensor("id", "m"),
            _tensor("subject", "parcel"),
            _tensor("text", "it is late"),
        ],
        LIMITS,
    )

    metadata = {"source": "email", "age": 3, "vip": True, "score": 0.5}
    assert found == Message("m", "it is late", "parcel", metadata)


def test_a_message_without_an_id_gets_one() -> None:
    first, second = read_messages([_tensor("text", "x", "x")], LIMITS)

    assert isinstance(first, Message)
    assert isinstance(second, Message)
    assert first.id != second.id


@pytest.mark.parametrize(
    "poison",
    [
        {"text": b"\xff"},
        {"text": 7.0},
        {"id": b"\xff"},
        {"metadata": "{"},
        {"metadata": "[1]"},
        {"metadata": '{"a": {"b": 1}}'},
        {"metadata": '{"a": null}'},
        {"metadata": '{"a": NaN}'},
        {"metadata": '{"a": "\\ud800"}'},
        {"metadata": "[" * 100_000},
    ],
    ids=lambda one: str(one)[:30],
)
def test_an_element_that_cannot_be_used_fails_alone(poison: dict[str, Element]) -> None:
    names = {"text", *poison}
    tensors = [_tensor(name, poison.get(name, "fine"), "{}") for name in sorted(names)]

    bad, good = read_messages(tensors, LIMITS)

    assert isinstance(bad, Failure)
    assert bad.code == "invalid-message"
    assert isinstance(good, Message)


def test_a_failure_is_an_error_at_its_place(trained: Classifier) -> None:
    """Elsewhere it is empty, and its confidence is no probability."""
    answered = trained.classify(Message("a", "refund the invoice"))
    served = _served(trained, answered, Failure("b", "too-large", "It is."))

    assert _elements(served, "id") == ["a", "b"]
    assert _elements(served, "error")[0] == b""
    assert json.loads(_elements(served, "error")[1]) == {"code": "too-large", "problem": "It is."}
    assert _elements(served, "answer")[1] == b""
    assert _elements(served, "team")[1] == ""
    assert _elements(served, "team_confidence")[1] == -1.0


def test_several_labels_are_one_element(trained: Classifier) -> None:
    answered = trained.classify(Message("a", "this is outrageous, needed today at once"))

    (found,) = _elements(_served(trained, answered), "flags")

    assert found == ";".join(answered["flags"].labels)


def test_only_the_dimensions_that_were_answered_are_there(trained: Classifier) -> None:
    answered = trained.classify(Message("a", "refund the invoice"))

    tensors = write_outputs(_served(trained, answered, dimensions=("team",)))

    assert [one.name for one in tensors] == [
        "id",
        "answer",
        "error",
        "team",
        "team_confidence",
        "team_route",
    ]


def test_no_two_outputs_have_one_name() -> None:
    """A dimension may be called as it likes; the tensors of a message come first."""
    labels = (Label(name="yes"), Label(name="no"))
    names = ("error", "team", "team_route")
    taxonomy = Taxonomy(dimensions=tuple(Dimension(name=one, labels=labels) for one in names))

    found = [spec.name for spec in outputs(taxonomy)]

    assert len(found) == len(set(found))
    assert found[:3] == ["id", "answer", "error"]


def test_parameters_choose_dimensions_and_candidates() -> None:
    found = read_parameters({"dimensions": "team, flags,", "candidates": 2, "priority": 1})

    assert (found.dimensions, found.candidates) == (("team", "flags"), 2)


@pytest.mark.parametrize("given", [{"dimensions": 1}, {"candidates": "two"}])
def test_a_parameter_of_the_wrong_type_is_refused(given: dict[str, str | int]) -> None:
    with pytest.raises(InvalidUsage):
        read_parameters(given)


@pytest.mark.parametrize("version", ["", "r1"])
def test_the_model_is_ours_and_the_release_the_one_that_answers(version: str) -> None:
    check_model("sortyard", version, "r1")


@pytest.mark.parametrize(("name", "version"), [("other", ""), ("sortyard", "r2")])
def test_another_model_and_another_release_are_unknown(name: str, version: str) -> None:
    with pytest.raises(UnknownRelease):
        check_model(name, version, "r1")


def test_a_very_long_name_is_not_looked_for() -> None:
    with pytest.raises(TooLarge):
        check_model("m" * 100_000, "", "r1")
