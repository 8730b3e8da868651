"""
Personal data: what is found of it and what is wrongly taken for it, and what looking costs.

The patterns were written with one random half of the labelled messages in sight; the figures of
the other half were taken before anybody looked at it, and are those of the code as it stands.
"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, TypeAlias

from benchmarks.archives import data_folder, read
from benchmarks.results import NOTHING, Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.text.choices import Choices
from sortyard.text.personal.finding import find
from sortyard.text.personal.link import PersonalData
from sortyard.text.preparation import Preparation

THEIRS = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
SEED = 20
KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "DOMAIN_NAME": "url",
    "US_SSN": "national_id",
    "STREET_ADDRESS": "postal_address",
}
PATTERNED = ("email", "phone", "card", "iban", "ip", "url")  # for which there is a bar
OTHERS = ("national_id", "postal_address")
RECALL, PRECISION, MILLISECONDS, MAIL_SECONDS = 0.95, 0.90, 0.3, 1.0
TIMED = 500  # messages of each set
MEGABYTE = 1_000_000
LETTER = (
    "<div><p>Dear team,&nbsp;my order <b>48213</b> did not arrive. Write to "
    "<a href='mailto:anna@example.org'>anna@example.org</a> or call 0170 1234567.</p>"
    "<table><tr><td>Card</td><td>4111 1111 1111 1111</td></tr></table></div>\n"
)

Place: TypeAlias = tuple[int, int, str]  # from, to, and the kind


@dataclass(slots=True)
class Score:
    """How many things there were and were found: by overlap, and to the letter."""

    things: int = 0
    hit: int = 0
    hit_exactly: int = 0
    found: int = 0
    right: int = 0
    right_exactly: int = 0

    def add(self, truth: Sequence[Place], found: Sequence[Place]) -> None:
        """Count one message; both are of one kind."""
        self.things += len(truth)
        self.found += len(found)
        self.hit += sum(any(_overlap(one, other) for other in found) for one in truth)
        self.right += sum(any(_overlap(one, other) for other in truth) for one in found)
        self.hit_exactly += len(set(truth) & set(found))
        self.right_exactly += len(set(truth) & set(found))

    @property
    def cells(self) -> list[str]:
        def both(some: int, exactly: int, count: int) -> str:
            return f"{_share(some, count)} / {_share(exactly, count)}" if count else NOTHING

        return [
            str(self.things),
            both(self.hit, self.hit_exactly, self.things),
            both(self.right, self.right_exactly, self.found),
        ]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--presidio", type=Path, default=THEIRS, help="a Python that has presidio")
    given = parser.parse_args()
    data = data_folder()
    file = data / "pii" / "messages.jsonl"
    messages = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    halves = _halves(len(messages))
    report("the labelled messages")
    found: dict[str, list[list[Place]]] = {"Sortyard": [_ours(one["text"]) for one in messages]}
    seconds = {"Sortyard": _seconds(find, [one["text"] for one in messages])}
    theirs = _theirs(given.presidio, file)
    if theirs is not None:
        found["presidio, patterns"] = [[tuple(one) for one in some] for some in theirs["spans"]]
        seconds["presidio, patterns"] = theirs["seconds"]
    table = [
        [who, kind, *(cell for half in halves for cell in _score(messages, spans, half, kind))]
        for who, spans in found.items()
        for kind in (*PATTERNED, *OTHERS, "all with a bar")
        if who == "Sortyard" or kind != "postal_address"
    ]
    remarks = [
        f"{who}: {number(1000 * spent / len(messages), digits=3)} ms a message"
        for who, spent in seconds.items()
    ]
    half = _score(messages, found["Sortyard"], halves[1], "all with a bar")
    reached = "reached" if _reaches_the_bar(messages, found["Sortyard"], halves[1]) else "missed"
    remarks.append(f"the bar is {reached} on the half that was not seen ({', '.join(half)})")
    if theirs is None:
        remarks.append("presidio is not installed in .venv-bench, so it is not beside ours")
    Section(
        name="personal",
        title="Personal data: what is found",
        about=f"{len(messages)} synthetic messages, in two halves by chance (seed {SEED}): the "
        "patterns were written on the first, and the second was not looked at. Shares in %, by "
        f"overlap / to the letter. The bar, by overlap: recall {RECALL}, precision {PRECISION}. "
        "Names and places take a model of language, and are not here.",
        header=("by", "kind", *(f"{part}, {half}" for half in "12" for part in PARTS)),
        rows=table,
        remarks=remarks,
        libraries=[] if theirs is None else [f"presidio-analyzer {theirs['version']}"],
    ).publish(write=given.write)
    _cost(data, given.rows or TIMED, write=given.write)


PARTS = ("things", "recall", "precision")


def _halves(count: int) -> tuple[Sequence[int], Sequence[int]]:
    order = list(range(count))
    random.Random(SEED).shuffle(order)  # noqa: S311 -- it hides nothing
    return order[: count // 2], order[count // 2 :]


def _ours(text: str) -> list[Place]:
    return [(span.start, span.end, span.entity.value) for span in find(text)]


def _theirs(python: Path, file: Path) -> Mapping[str, Any] | None:
    """Ask presidio; None where it is not installed."""
    if not python.exists():
        return None
    report("presidio")
    command = [str(python), "-m", "benchmarks.presidio_peer", str(file)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 -- our own
    return json.loads(ran.stdout) if ran.returncode == 0 else None


def _score(
    messages: Sequence[Mapping[str, list[Mapping[str, str | int]]]],
    found: Sequence[Sequence[Place]],
    half: Sequence[int],
    kind: str,
) -> list[str]:
    return _scored(messages, found, half, kind).cells


def _scored(messages, found, half, kind) -> Score:  # noqa: ANN001 -- as `_score`
    kinds = PATTERNED if kind not in KINDS.values() else (kind,)
    score = Score()
    for place in half:
        spans = messages[place]["spans"]
        truth = [(one["start"], one["end"], KINDS.get(one["type"], "")) for one in spans]
        for each in kinds:
            score.add(
                [one for one in truth if one[2] == each],
                [one for one in found[place] if one[2] == each],
            )
    return score


def _reaches_the_bar(messages, found, half) -> bool:  # noqa: ANN001 -- as `_score`
    score = _scored(messages, found, half, "all with a bar")
    return score.hit >= RECALL * score.things and score.right >= PRECISION * score.found


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _share(some: int, count: int) -> str:
    return percent(some / count)


def _cost(data: Path, count: int, *, write: bool) -> None:
    """Time what looking costs a message, and the chain with and without it."""
    with_it, without = Preparation.default(), Preparation.default(Choices(personal=KEEPING))
    table = []
    for name, texts in _sets(data):
        report(name)
        some = _spread(texts, count)
        changed = Counter(bool(find(text)) for text in texts)
        table.append(
            [
                f"`{name}`, median {number(median(map(len, some)), digits=0)} characters",
                f"{changed[True]:,} of {len(texts):,}",
                _micro(find, some),
                _micro(lambda text: find(text, filtered=False), some),
                _milli(without, some),
                _milli(with_it, some),
            ]
        )
    mail = f"<html><body>{LETTER * (MEGABYTE // len(LETTER))}</body></html>"
    table.append(
        [
            "an HTML mail of 1 MB",
            NOTHING,
            NOTHING,
            NOTHING,
            _milli(without, [mail]),
            _milli(with_it, [mail]),
        ]
    )
    Section(
        name="personal-cost",
        title="Personal data: what looking costs",
        about=f"Processor time of one message, the median of {count} spread over each set; each is "
        "the best of three. `changed` counts the messages of the whole set in which anything is "
        f"found. The bar: {MILLISECONDS} ms for a median ticket with the whole chain, "
        f"{MAIL_SECONDS:.0f} s for the mail.",
        header=(
            "messages",
            "changed",
            "looking, µs",
            "without pre-filters, µs",
            "chain without it, ms",
            "whole chain, ms",
        ),
        rows=table,
    ).publish(write=write)


KEEPING = PersonalData(redact="")


def _sets(data: Path) -> Iterator[tuple[str, list[str]]]:
    for name, column, files in (
        ("banking77", "text", ("train", "test")),
        ("clinc150", "text", ("train", "val", "test", "oos_train", "oos_val", "oos_test")),
    ):
        rows = [row for file in files for row in read(data / name / f"{file}.csv")]
        yield name, [row[column] for row in rows]
    tickets = read(data / "it_tickets" / "tickets.csv")
    yield "it_tickets", [f"{row['title']}\n{row['body']}" for row in tickets]
    complaints = read(data / "cfpb" / "complaints.csv")
    yield "cfpb", [max(row.values(), key=len) for row in complaints]  # the narrative


def _spread(texts: Sequence[str], count: int) -> Sequence[str]:
    return texts[:: max(1, len(texts) // count)][:count]


def _seconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    began = process_time()
    for text in texts:
        work(text)
    return process_time() - began


def _median(work: Callable[[str], object], texts: Sequence[str]) -> float:
    return median(min(_seconds(work, [text]) for _ in range(3)) for text in texts)


def _micro(work: Callable[[str], object], texts: Sequence[str]) -> str:
    return number(1e6 * _median(work, texts), digits=0)


def _milli(work: Callable[[str], object], texts: Sequence[str]) -> str:
    return number(1e3 * _median(work, texts), digits=3)


if __name__ == "__main__":
    sys.exit(main())
