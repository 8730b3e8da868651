"""A taxonomy survives its file, and a file with mistakes says where they are."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from sortyard.data.taxonomy_file import (
    parse_taxonomy,
    read_taxonomy,
    render_taxonomy,
    write_taxonomy,
)
from sortyard.domain.errors import CannotWrite, InvalidTaxonomy, NewerFormat
from sortyard.domain.taxonomy import (
    Condition,
    Counterexample,
    Dimension,
    Kind,
    Label,
    Taxonomy,
)
from tests.unit.taxonomies import TRAPS, taxonomies

REFUNDS = Label(
    name="refunds",
    definition="Money that goes back to the customer.",
    includes=("double charges",),
    examples=("I was charged twice",),
    counterexamples=(Counterexample("Where is my invoice?", "it asks for a document"),),
    minimum_confidence=0.9,
)
SMALL = Taxonomy(
    dimensions=(
        Dimension(
            name="team",
            question="Who should answer?",
            labels=(Label(name="billing", children=(REFUNDS,)), Label(name="no")),
        ),
        Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="legal", always_review=True),)),
    ),
    version=3,
)
CONDITIONS = """\
dimensions:
  kind:
    labels: {request: {children: {bug: , question: }}, praise: }
  flags:
    kind: multi
    labels: {angry: }
  urgency:
    when: {kind: request, flags: }
    labels: {high: , low: }
  team:
    when: {urgency: [high, low]}
    labels: {one: , two: }
"""
FEW = settings(max_examples=25, deadline=None)  # a whole taxonomy is much to draw and to read
SMALL_FILE = """\
format: 1
version: 3
dimensions:
  team:
    kind: single
    question: Who should answer?
    labels:
      billing:
        children:
          refunds:
            definition: Money that goes back to the customer.
            includes:
              - double charges
            examples:
              - I was charged twice
            counterexamples:
              - text: Where is my invoice?
                why: it asks for a document
            minimum_confidence: 0.9
      'no':
  flags:
    kind: multi
    labels:
      legal:
        always_review: true
"""


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidTaxonomy) as caught:
        parse_taxonomy(text, "taxonomy.yaml")
    return caught.value.problems


@FEW
@given(taxonomies)
def test_what_is_written_is_what_is_read(taxonomy: Taxonomy) -> None:
    assert parse_taxonomy(render_taxonomy(taxonomy), "taxonomy.yaml") == taxonomy


@FEW
@given(taxonomies)
def test_the_same_taxonomy_is_always_written_the_same_way(taxonomy: Taxonomy) -> None:
    text = render_taxonomy(taxonomy)
    assert render_taxonomy(parse_taxonomy(text, "taxonomy.yaml")) == text


def test_the_bytes_on_disk_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "taxonomy.yaml"
    write_taxonomy(SMALL, path)
    assert read_taxonomy(path) == SMALL


def test_every_name_that_yaml_trips_over_survives_the_file() -> None:
    labels = tuple(Label(name=name) for name in TRAPS)
    taxonomy = Taxonomy(dimensions=(Dimension(name="team", labels=labels),))
    assert parse_taxonomy(render_taxonomy(taxonomy), "taxonomy.yaml") == taxonomy


def test_the_file_reads_well_and_says_nothing_that_is_default() -> None:
    comments, _, rest = render_taxonomy(SMALL).partition("format:")
    assert all(line.startswith("# ") for line in comments.splitlines())
    assert f"format:{rest}" == SMALL_FILE


@pytest.mark.parametrize("name", ["no", "on", "1", "1.50", "null", "~", "2020-01-01", "0x1F", "<<"])
def test_a_name_that_yaml_would_turn_into_something_else_stays_text(name: str) -> None:
    by_hand = f"dimensions: {{team: {{labels: {{{name}: }}}}}}"
    assert parse_taxonomy(by_hand, "by hand")["team"].paths == (name,)


def test_an_example_that_yaml_would_turn_into_something_else_stays_text() -> None:
    text = "dimensions: {team: {labels: {a: {examples: [no, 1, null, 2020-01-01]}}}}"
    assert parse_taxonomy(text, "by hand")["team"].labels[0].examples == (
        *("no", "1", "null", "2020-01-01"),
    )


def test_a_key_with_nothing_after_it_is_as_good_as_absent() -> None:
    text = "dimensions: {team: {kind: , labels: {a: {definition: , examples: , error_cost: }}}}"
    assert parse_taxonomy(text, "by hand")["team"].labels == (Label(name="a"),)


@pytest.mark.parametrize("word", ["true", "yes", "on", "True"])
def test_a_switch_can_be_put_in_any_word_for_yes(word: str) -> None:
    text = f"dimensions: {{team: {{labels: {{a: {{always_review: {word}}}}}}}}}"
    assert parse_taxonomy(text, "by hand")["team"].labels[0].always_review


def test_every_problem_is_named_at_once_with_its_line() -> None:
    text = """\
dimensions:
  team:
    kind: sngle
    minimum_confidence: 1.5
    labels:
      a/b:
      billing:
        defintion: Money.
        examples: one
        always_review: maybe
        error_cost: -1
        counterexamples:
          - why: it is not
      billing:
        children: 3
  empty:
    labels: {}
"""
    assert problems_of(text) == (
        "line 14: 'billing' appears twice",
        "line 3, dimensions > team > kind: this should be 'single' or 'multi', not 'sngle'",
        (
            "line 4, dimensions > team > minimum_confidence: "
            "this should be less than or equal to 1, not '1.5'"
        ),
        "line 6, dimensions > team > labels > a/b: a label's name is not empty and has no '/'",
        (
            "line 9, dimensions > team > labels > billing > examples: "
            "this is a list; write each entry on a line of its own, after `- `"
        ),
        "line 13, dimensions > team > labels > billing > counterexamples > 0: 'text' is missing",
        (
            "line 10, dimensions > team > labels > billing > always_review: "
            "this should be a valid boolean, unable to interpret input, not 'maybe'"
        ),
        (
            "line 11, dimensions > team > labels > billing > error_cost: "
            "this should be greater than or equal to 0, not '-1'"
        ),
        (
            "line 8, dimensions > team > labels > billing > defintion: "
            "no such key; did you mean 'definition' for 'defintion'?"
        ),
        "line 17, dimensions > empty > labels: it is empty",
    )


def test_an_unknown_key_comes_with_the_one_that_was_probably_meant() -> None:
    (problem,) = problems_of("dimensions: {team: {labels: {a: {defintion: x}}}}")
    assert "did you mean 'definition'" in problem


def test_the_conditions_of_a_dimension_are_read_and_survive_their_file() -> None:
    taxonomy = parse_taxonomy(CONDITIONS, "taxonomy.yaml")
    assert taxonomy["urgency"].when == (Condition("kind", ("request",)), Condition("flags"))
    assert taxonomy["team"].when == (Condition("urgency", ("high", "low")),)
    assert parse_taxonomy(render_taxonomy(taxonomy), "again") == taxonomy


def test_an_unknown_key_like_no_other_comes_with_all_there_are() -> None:
    (problem,) = problems_of("dimensions: {team: {labels: {a: {}}, zzz: 1}}")
    assert "there is 'kind', 'question', 'minimum_confidence', 'when', 'labels'" in problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("# only a comment\n", "it is empty"),
        ("- a\n- b\n", "line 1, the file: this is a mapping"),
        ("a: [", "line 1"),
        ("a:\n\tb: 1", "line 2"),
        ("[" * 600, "it is nested too deeply"),
        ("dimensions: &x {team: {labels: *x}}", "line 1: aliases"),
        ("? [a]\n: b", "line 1: a key is a text"),
        ("dimensions: {}", "line 1, dimensions: it is empty"),
        ("version: 0\ndimensions: {team: {labels: {a: }}}", "line 1, version"),
        ("!!python/object:os.system {}", "line 1"),
        ("a: 1\n---\nb: 2", "line 2"),
        ("\x07", "special characters are not allowed"),
    ],
)
def test_a_file_that_is_no_taxonomy_says_why(text: str, problem: str) -> None:
    assert any(problem in one for one in problems_of(text)), problems_of(text)


def test_a_file_from_a_later_version_asks_for_an_upgrade() -> None:
    with pytest.raises(NewerFormat, match="format 2"):
        parse_taxonomy("format: 2\ndimensions: {team: {labels: {a: {new_key: 1}}}}", "x")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidTaxonomy, match=r"absent\.yaml"):
        read_taxonomy(tmp_path / "absent.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_bytes(SMALL_FILE.encode("utf-16"))
    with pytest.raises(InvalidTaxonomy, match="not UTF-8"):
        read_taxonomy(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL_FILE.encode())
    assert read_taxonomy(path) == SMALL


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "taxonomy.yaml"
    path.mkdir()
    with pytest.raises(CannotWrite):
        write_taxonomy(SMALL, path)
    assert list(tmp_path.iterdir()) == [path]
