"""Every error says what is wrong and what to do, and survives a trip through a worker process."""

import inspect
import pickle
import re

import pytest

from sortyard.domain import errors
from sortyard.domain.errors import InvalidSettings, SortyardError, did_you_mean, listing

EVERY = [
    one
    for _, one in inspect.getmembers(errors, inspect.isclass)
    if issubclass(one, SortyardError) and one is not SortyardError
]


def example_of(error: type[SortyardError]) -> SortyardError:
    """Make one up from the constructor's own types."""
    values = {"Iterable": ("one", "two"), "str": "something", "int": 3, "float": 0.5}
    parameters = list(inspect.signature(error).parameters.values())
    made = {one.name: values[getattr(one.annotation, "__name__", "str")] for one in parameters}
    if "remedy" in made:  # its caller writes a sentence
        made["remedy"] = "Do something."
    positional = [made.pop(one.name) for one in parameters if one.kind is not one.KEYWORD_ONLY]
    return error(*positional, **made)


@pytest.mark.parametrize("error", EVERY)
def test_an_error_survives_pickling(error: type[SortyardError]) -> None:
    before = example_of(error)
    after = pickle.loads(pickle.dumps(before))
    assert (type(after), after.problem, after.remedy) == (error, before.problem, before.remedy)
    assert vars(after) == vars(before)


@pytest.mark.parametrize("error", EVERY)
def test_an_error_has_a_problem_and_a_remedy_in_whole_sentences(error: type[SortyardError]) -> None:
    made = example_of(error)
    if error is not errors.InvalidUsage:  # its caller writes both sentences
        assert made.problem[-1] in ".!"
        assert made.remedy[-1] in ".!"
    assert str(made) == f"{made.problem} {made.remedy}"


@pytest.mark.parametrize("error", EVERY)
def test_an_error_s_code_is_its_name(error: type[SortyardError]) -> None:
    assert error.code == re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def test_no_two_errors_share_a_code() -> None:
    assert len({error.code for error in EVERY}) == len(EVERY)


def test_the_tree_at_the_top_of_the_file_names_every_error() -> None:
    drawn = re.findall(r"^  \+ (\w+)", errors.__doc__ or "", flags=re.MULTILINE)
    assert sorted(drawn) == sorted(error.__name__ for error in EVERY)


def test_a_long_list_is_counted_and_not_shown() -> None:
    assert listing("abcdefg") == "'a', 'b', 'c', 'd', 'e' and 2 more"


def test_a_guess_is_made_only_where_a_word_is_near() -> None:
    assert (
        did_you_mean(["biling"], ["billing", "refunds"]) == "Did you mean 'billing' for 'biling'? "
    )
    assert did_you_mean(["zzz"], ["billing", "refunds"]) == ""


def test_a_list_of_problems_ends_with_one_full_stop() -> None:
    assert InvalidSettings("x", ["there is none."]).problem.endswith("none.")
