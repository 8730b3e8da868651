"""Labels that cannot be learnt are named before a training, not after it."""

from sortyard.data.dataset import Dataset
from sortyard.data.scarcity import scarcities
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message


def _remarks(*labels: str) -> list[str]:
    examples = tuple(
        Example(Message(str(at), f"text {at}"), {"team": (label,)})
        for at, label in enumerate(labels)
    )
    return list(scarcities(Dataset(examples=examples, dimensions=("team",))))


def test_enough_of_everything_is_no_remark() -> None:
    assert _remarks("a", "a", "b", "b") == []


def test_a_single_label_is_nothing_to_choose_from() -> None:
    (remark,) = _remarks("a", "a", "a")

    assert remark.startswith("team has one label only, 'a'")


def test_labels_with_one_row_are_named() -> None:
    (remark,) = _remarks("a", "a", "cats", "dogs")

    assert remark.startswith("team: 2 labels have one row only ('cats', 'dogs')")


def test_a_slip_of_the_pen_is_named() -> None:
    (remark,) = _remarks(*["Versand"] * 3, "Versnd", *["Technik"] * 3)

    assert remark.endswith("Perhaps 'Versnd' is 'Versand'.")


def test_labels_that_differ_in_case_only_are_named() -> None:
    (remark,) = _remarks(*["Versand"] * 3, *["versand"] * 2, *["Technik"] * 3)

    assert remark.startswith("team: labels that differ in case or marks only")
    assert "'versand' beside 'Versand'" in remark
