"""
What preparation costs: a message on real archives, link by link, and a mail of a megabyte.

Times are processor time of one thread, so that busy neighbours do not count. At the end real texts
are cut up and put together with what links look for: whatever comes of it, preparation must not
raise, and must change nothing in what it has prepared.
"""

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import starmap
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import thread_time

from benchmarks.archives import data_folder, read
from benchmarks.results import Section, arguments, number
from benchmarks.runs import report
from sortyard.text.choices import Choices
from sortyard.text.preparation import Preparation

MOST = 3_000  # messages of a set
ALLOWED, ALLOWED_MAIL = 300.0, 1_000.0  # microseconds of a median ticket, milliseconds of a mail
MEGABYTE = 1_000_000
FUZZED, PIECES = 5_000, 12
A_MICROSECOND = 1e-6
CHOSEN = Choices(form="nfkc", links="host", code="fold", emoji="name")
SNIPPETS = (
    *("<p>", "</div>", "<br>", "<script>", "<!--", "<pre>", "<p hidden>", "<b", "]]>", "&lt;p&gt;"),
    *(
        "**",
        "_",
        "`",
        "```\n",
        "\n## ",
        "[a](https://b.example)",
        "\n|---|---|\n",
        "\n> ",
        "\n-- \n",
    ),
    *("\nTraceback (most recent call last):\n", "\n at a.b(c:1)", "\nOn Monday, Anna wrote:\n"),
    *("\u202e", "\u200d", "\ue000", "\u0301" * 40, "\U0001f600", "\ud83d", "\x00", "\x1b[31m"),
    *("4111 1111 1111 1111", "anna@example.com", "+44 20 7946 0958", "Ã¼", "\r\n", "\t", " "),
)


def main() -> None:
    given = arguments(__doc__).parse_args()
    data = data_folder()
    prepare, most = Preparation.default(), given.rows or MOST
    texts = {
        name: read_set(data)[:: max(1, len(read_set(data)) // most)] for name, read_set in SETS
    }
    report("warming up")
    for some in texts.values():
        for text in some[:50]:
            prepare(text)
    columns = {}
    for name, some in texts.items():
        report(name)
        columns[name] = dict(_costs(prepare, some))
    report("mails of a megabyte")
    mails = {name: 1_000 * _seconds(prepare, mail) for name, mail in mails_of_a_megabyte()}
    report("fuzzing")
    fuzzed = given.rows or FUZZED
    broken = sum(_is_broken(text) for text in fuzz(texts, fuzzed, Random(20)))  # noqa: S311
    slowest, shown = max(mails.values()), "; ".join(starmap(_mail, mails.items()))
    ticket = median(_seconds(prepare, text) for text in texts["it_tickets"]) / A_MICROSECOND
    Section(
        name="preparation",
        title="What preparation costs",
        about="Microseconds of processor time a message, median and 99th percentile, on one core. "
        "The whole chain runs until nothing moves, so mostly twice; each link is timed once, on "
        "what the links before it left. A link that a workspace has to choose is not part of the "
        "whole. The bar: 300 µs for the median ticket, and a second for a mail of a megabyte.",
        header=("", *texts),
        rows=[
            ["messages", *(f"{len(some):,}" for some in texts.values())],
            [
                "characters, median",
                *(number(median(map(len, s)), digits=0) for s in texts.values()),
            ],
            *([line, *(columns[name][line] for name in texts)] for line in columns["banking77"]),
        ],
        remarks=[
            _verdict(f"Median ticket of it_tickets: {ticket:,.0f} µs", ticket <= ALLOWED),
            _verdict(f"Mails of a megabyte of HTML: {shown}", slowest <= ALLOWED_MAIL),
            (
                f"{fuzzed:,} texts of pieces of these sets and of what links look for, through the "
                f"usual chain and one with every choice made: {broken} raised, or moved again."
            ),
        ],
    ).publish(write=given.write)


def _costs(prepare: Preparation, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Time the whole chain and each link; two links of one kind are one line each."""
    yield "**whole chain**", _figures([_seconds(prepare, text) for text in texts])
    at_hand = list(texts)
    for place, link in enumerate(Preparation.default(CHOSEN).links, start=1):
        seconds = [_seconds(link, text) for text in at_hand]
        usual = any(type(link) is type(one) for one in prepare.links)
        yield f"{place} `{link.name}`{'' if usual else ' (by choice)'}", _figures(seconds)
        if usual:
            at_hand = [link(text) for text in at_hand]


def _figures(seconds: Sequence[float]) -> str:
    middle, rare = median(seconds), quantiles(seconds, n=100)[-1]
    return f"{middle / A_MICROSECOND:,.1f} / {rare / A_MICROSECOND:,.0f}"


def _seconds(work: Callable[[str], str], text: str) -> float:
    began = thread_time()
    work(text)
    return thread_time() - began


def _verdict(figure: str, reached: bool) -> str:  # noqa: FBT001 -- a figure and its verdict
    return f"{figure}; the bar is {'reached' if reached else 'MISSED'}."


def _mail(name: str, milliseconds: float) -> str:
    return f"{name} {milliseconds:,.0f} ms"


def mails_of_a_megabyte() -> Iterator[tuple[str, str]]:
    """Give HTML as mail programs write it at their worst."""
    row = '<tr><td style="padding:0"><a href="https://shop.example/i?x=1">Größe {}</a></td></tr>\n'
    rows = "".join(row.format(number) for number in range(MEGABYTE // len(row)))
    style = f"<style>{'td.x { color: red } ' * 15_000}</style>"
    picture = f'<img src="data:image/png;base64,{"iVBORw0K" * 80_000}">'
    hidden = '<div style="display:none">preview</div><p class=MsoNormal>words <b>here</b></p>\n'
    yield "a table", f"<html><body><table>{rows}</table></body></html>"
    yield "a style sheet and a picture", f"<html>{style}<p>before{picture}<p>after</html>"
    yield "hidden parts", hidden * (MEGABYTE // len(hidden))
    yield "nested", "<div>" * (MEGABYTE // 5) + "words"
    yield "quotations", "<blockquote><p>On Monday, Anna wrote:</p>" * (MEGABYTE // 41) + "words"


def fuzz(texts: Mapping[str, Sequence[str]], count: int, random: Random) -> Iterator[str]:
    """Make texts of pieces of real ones and of what links look for."""
    every = [text for some in texts.values() for text in some]
    for _ in range(count):
        parts = []
        for _ in range(random.randint(1, PIECES)):
            text = random.choice(every)
            start = random.randrange(len(text) + 1)
            parts.append(text[start : start + random.randint(1, 300)])
            parts.append(random.choice(SNIPPETS))
        yield "".join(parts)


def _is_broken(text: str) -> bool:
    """Tell whether preparation raises on a text, or moves what it has prepared."""
    try:
        return any(chain(prepared) != prepared for chain in CHAINS for prepared in [chain(text)])
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is what we look for
        report(f"{error!r} on {text[:200]!r}")
        return True


CHAINS = (Preparation.default(), Preparation.default(CHOSEN))


def _tickets(data: Path) -> Sequence[str]:
    rows = read(data / "it_tickets" / "tickets.csv")
    return [f"{row['title']}\n{row['body']}" for row in rows]


def _complaints(data: Path) -> Sequence[str]:
    csv.field_size_limit(MEGABYTE)
    rows = read(data / "cfpb" / "complaints.csv")
    column = next(name for name in rows[0] if "narrative" in name.lower())
    return [row[column] for row in rows]


def _posts(data: Path) -> Sequence[str]:
    with gzip.open(data / "newsgroups" / "test.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def _questions(data: Path) -> Sequence[str]:
    return [row["text"] for row in read(data / "banking77" / "test.csv")]


SETS = (
    ("it_tickets", _tickets),
    ("cfpb", _complaints),
    ("newsgroups", _posts),
    ("banking77", _questions),
)

if __name__ == "__main__":
    main()
