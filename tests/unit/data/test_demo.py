"""The demo's archive is lively, imperfect on purpose, and the same for the same seed."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from sortyard.data.archive import read_archive
from sortyard.data.demo.archive import COLUMNS, DemoTruth, write_demo_archive
from sortyard.data.demo.dice import Dice
from sortyard.data.demo.fresh import EXPECTED, fresh_messages
from sortyard.data.demo.generator import generate
from sortyard.data.demo.grammar import Template, expand, parts
from sortyard.data.demo.messages import DemoMessage
from sortyard.data.demo.personas import MADE_UP
from sortyard.data.demo.phrasebook import FLAGS, URGENCIES, Phrasebook, Topic, read_phrasebook
from sortyard.data.demo.taxonomy import demo_taxonomy
from sortyard.data.demo.wording import mangle, with_typos
from sortyard.data.taxonomy_lint import lint
from sortyard.domain.errors import CannotWrite

COUNT = 2_400
BOOK = read_phrasebook()


def _topic_lines(topic: Topic) -> tuple[Template, ...]:
    return (*topic.subjects, *topic.contexts, *topic.cores, *topic.details, *topic.asks)


def _all_lines(book: Phrasebook) -> tuple[Template, ...]:
    of_topics = [line for topic in book.topics.values() for line in _topic_lines(topic)]
    common = [line for part in (book.slots, book.cues, book.letters) for line in part.values()]
    return (*of_topics, *(line for lines in common for line in lines))


@pytest.fixture(scope="module")
def messages() -> tuple[DemoMessage, ...]:
    return generate(COUNT, np.random.default_rng(20))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoTruth]:
    path = tmp_path_factory.mktemp("demo") / "tickets.csv"
    return path, write_demo_archive(path, count=400, rng=np.random.default_rng(20))


def test_expanding_picks_one_alternative_and_fills_slots(rng: np.random.Generator) -> None:
    text = expand("{a|a} {{thing} here|{thing} here}{|}", str.upper, Dice(rng))

    assert text == "a THING here"


def test_what_is_not_chosen_is_never_filled(rng: np.random.Generator) -> None:
    filled: list[str] = []

    def fill(slot: str) -> str:
        filled.append(slot)
        return slot

    text = expand("{{one}|{other}}", fill, Dice(rng))

    assert filled == [text]


def test_marks_are_no_part_of_the_sentence() -> None:
    assert Template.parse("(high, angry) Do it now.") == Template("Do it now.", ("high", "angry"))


def test_what_choices_leave_behind_is_mended(rng: np.random.Generator) -> None:
    assert expand("Where {|} is it {|}? On 8.3..", str, Dice(rng)) == "Where is it? On 8.3."


@pytest.mark.parametrize("path", BOOK.topics)
def test_every_topic_has_many_skeletons(path: str) -> None:
    topic = BOOK.topics[path]

    assert len(set(topic.cores)) >= 12
    assert min(len(topic.details), len(topic.asks), len(topic.subjects)) >= 7


def _strange(pattern: str) -> Iterator[str]:
    """List what is odd about a pattern: braces that do not balance, slots nobody can fill."""
    known = {*MADE_UP, *BOOK.slots, *BOOK.people}
    for part in parts(pattern):
        if isinstance(part, str):
            yield from {*"{}|"} & {*part}
        elif len(part) == 1:
            yield from {*part} - known
        else:
            yield from chain.from_iterable(map(_strange, part))


def test_every_template_is_well_formed() -> None:
    assert not [line for line in _all_lines(BOOK) if [*_strange(line.pattern)]]


def test_every_mark_is_an_urgency_a_flag_or_a_voice() -> None:
    marks = {mark for line in _all_lines(BOOK) for mark in line.marks}

    assert marks <= {*URGENCIES, *FLAGS, "casual"}


def test_the_same_seed_gives_the_same_archive() -> None:
    assert generate(50, np.random.default_rng(5)) == generate(50, np.random.default_rng(5))


def test_another_seed_gives_another_archive(messages: tuple[DemoMessage, ...]) -> None:
    other = generate(50, np.random.default_rng(21))

    assert not {one.body for one in other if len(one.body) > 200} & {one.body for one in messages}


def test_there_are_as_many_messages_as_asked_for_with_ids_of_their_own(
    messages: tuple[DemoMessage, ...],
) -> None:
    assert len({one.id for one in messages}) == COUNT


def test_messages_arrive_in_order(messages: tuple[DemoMessage, ...]) -> None:
    times = [one.received_at for one in messages]

    assert times == sorted(times)


def test_no_message_is_empty_or_shows_its_template(messages: tuple[DemoMessage, ...]) -> None:
    strange = [one.body for one in messages if re.search(r"[|]|\{(?!margin)", one.body)]

    assert not strange
    assert all(one.body.strip() for one in messages)


def test_labels_are_those_of_the_taxonomy(messages: tuple[DemoMessage, ...]) -> None:
    taxonomy = demo_taxonomy()

    assert {one.team for one in messages} == set(taxonomy["team"].leaves)
    assert {one.urgency for one in messages} == set(taxonomy["urgency"].leaves)
    assert {flag for one in messages for flag in one.flags} == set(taxonomy["flags"].leaves)


def test_teams_are_imbalanced_but_none_is_hopeless(messages: tuple[DemoMessage, ...]) -> None:
    counts = Counter(one.team for one in messages).most_common()

    assert counts[0][1] > 3 * counts[-1][1]
    assert counts[-1][1] >= 30


def test_most_messages_carry_no_flag(messages: tuple[DemoMessage, ...]) -> None:
    unflagged = np.mean([not one.flags for one in messages])

    assert 0.45 < unflagged < 0.7


def test_a_few_percent_of_the_labels_are_wrong(messages: tuple[DemoMessage, ...]) -> None:
    for dimension in ("team", "urgency", "flags"):
        wrong = np.mean([dimension in one.right for one in messages])
        assert 0.01 < wrong < 0.04


def test_a_wrong_label_differs_from_the_right_one(messages: tuple[DemoMessage, ...]) -> None:
    for message in messages:
        assert all(message.labels[name] != right for name, right in message.right.items())


def test_some_messages_repeat_an_earlier_one(messages: tuple[DemoMessage, ...]) -> None:
    by_id = {one.id: one for one in messages}
    repeats = [one for one in messages if one.resends is not None]

    assert len(repeats) > COUNT / 100
    for one in repeats:
        assert one.resends is not None
        assert one.body.endswith(by_id[one.resends].body)
        assert one.right_labels["team"] == by_id[one.resends].right_labels["team"]


def test_the_noise_of_real_mail_is_there(messages: tuple[DemoMessage, ...]) -> None:
    bodies = [one.body for one in messages]

    assert sum(body.startswith(("<html", "<div")) for body in bodies) > 100
    assert sum("\n> " in body for body in bodies) > 40
    assert sum("Sent from my" in body for body in bodies) > 40
    assert sum("555" in body for body in bodies) > 100
    assert sum(one.is_mangled for one in messages) > 5


def test_addresses_belong_to_nobody(messages: tuple[DemoMessage, ...]) -> None:
    found = [address for one in messages for address in re.findall(r"@[\w.-]+", one.body)]

    reserved = re.compile(r"@[\w-]+\.example(\.com|\.org|\.net)?\.?|@tillwright\.example")
    assert found
    assert not [address for address in found if not reserved.fullmatch(address.lower())]


def test_the_task_is_neither_trivial_nor_hopeless(messages: tuple[DemoMessage, ...]) -> None:
    """A plain linear model learns most of it and not all of it."""
    texts = np.array([f"{one.subject}\n{one.body}" for one in messages])
    teams = np.array([one.team for one in messages])
    held_out = np.random.default_rng(0).permutation(COUNT) < COUNT // 5
    model = make_pipeline(TfidfVectorizer(sublinear_tf=True), LinearSVC())

    model.fit(texts[~held_out], teams[~held_out])

    assert 0.8 < model.score(texts[held_out], teams[held_out]) < 0.96


def test_mangling_is_what_windows_does_to_utf8() -> None:
    assert mangle("£5, José\u2019s") == "Â£5, JosÃ©â€™s"


def test_typing_errors_spare_numbers_and_addresses(rng: np.random.Generator) -> None:
    text = "4111 1111 1111 1111 maria.costa@harbour.example.com TW-204881 " * 20

    assert with_typos(text, Dice(rng)) == text


def test_the_file_has_its_columns(written: tuple[Path, DemoTruth]) -> None:
    with written[0].open(encoding="utf-8", errors="replace", newline="") as file:
        assert next(csv.reader(file)) == list(COLUMNS)


def test_a_reader_finds_every_bad_row_on_its_line(written: tuple[Path, DemoTruth]) -> None:
    path, truth = written

    archive = read_archive(path, taxonomy=demo_taxonomy())

    found = {(one.line, one.kind) for one in archive.problems}
    assert found == {(one.line, one.trouble) for one in truth.bad_rows}


def test_the_columns_are_found_without_help(written: tuple[Path, DemoTruth]) -> None:
    columns = read_archive(written[0], taxonomy=demo_taxonomy()).columns

    assert (columns.text, columns.subject, columns.id) == (("body",), "subject", "id")


def test_every_good_row_is_read_back(written: tuple[Path, DemoTruth]) -> None:
    path, truth = written

    examples = read_archive(path, taxonomy=demo_taxonomy()).dataset.examples

    read = {one.message.id: one.labels for one in examples}
    assert all(read[one.id] == one.labels for one in truth.messages)


def test_the_truth_knows_the_wrong_labels(written: tuple[Path, DemoTruth]) -> None:
    truth = written[1]

    wrong = {one.id for one in truth.messages if one.right}
    assert wrong == set(truth.wrong_labels)
    assert wrong


def test_the_same_seed_gives_the_same_file(written: tuple[Path, DemoTruth], tmp_path: Path) -> None:
    again = tmp_path / "again.csv"

    write_demo_archive(again, count=400, rng=np.random.default_rng(20))

    assert again.read_bytes() == written[0].read_bytes()


def test_an_archive_of_nothing_is_a_header(tmp_path: Path, rng: np.random.Generator) -> None:
    truth = write_demo_archive(tmp_path / "none.csv", count=0, rng=rng)

    assert (tmp_path / "none.csv").read_text().count("\n") == 1
    assert truth == DemoTruth(messages=(), bad_rows=())


def test_a_place_that_cannot_be_written_is_an_error(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotWrite):
        write_demo_archive(tmp_path / "file" / "demo.csv", count=3, rng=rng)


def test_the_taxonomy_has_no_findings() -> None:
    assert lint(demo_taxonomy()) == ()


def test_the_leaves_of_the_taxonomy_are_the_topics() -> None:
    assert demo_taxonomy()["team"].leaves == tuple(BOOK.topics)


def test_every_label_is_defined_and_shown() -> None:
    for dimension in demo_taxonomy().dimensions:
        for node in dimension.nodes:
            label = node.label
            assert label.definition, node.path
            assert label.includes, node.path
            assert label.excludes, node.path
            assert len(label.examples) >= 5, node.path
            assert len(label.counterexamples) >= 3, node.path
            assert all(one.why for one in label.counterexamples), node.path


def test_fresh_messages_are_not_in_the_archive(messages: tuple[DemoMessage, ...]) -> None:
    seen = {one.body for one in messages}

    assert not [one for one in fresh_messages() if one.text in seen]


def test_what_is_expected_of_fresh_messages_is_in_the_taxonomy() -> None:
    taxonomy = demo_taxonomy()

    assert set(EXPECTED) == {one.id for one in fresh_messages()}
    for expected in EXPECTED.values():
        for name, labels in expected.items():
            assert set(labels) <= set(taxonomy[name].leaves)
