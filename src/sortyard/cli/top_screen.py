"""How a server fares, drawn for a terminal of 80 columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sortyard.cli.output import share, sureness

if TYPE_CHECKING:  # they need the extra `serve`
    from sortyard.app.top import Answers, View

WIDTH = 80
BAR = 20  # columns of the bar of routes
NAME = 16  # columns of the longest name of a dimension
BLOCKS = "▁▂▃▄▅▆▇█"
ROUTES = {"auto": "green", "confirm": "yellow", "review": "magenta"}
LEVELS = {1.0: "the encoder", 2.0: "the encoder, and more goes to people"}
MEGABYTE = 1e6
FAINT, STRONG, ALARM = "dim", "bold", "bold red"


def screen(view: "View", before: Sequence["View"] = ()) -> RenderableType:
    """Draw a view; the curves at its side show those before it."""
    parts: list[RenderableType] = [_headline(view), Text(), _speed(view, (*before, view)), Text()]
    parts += [_state(view), *_troubles(view)]
    for answers in view.answers:
        parts += [Text(), _answers(answers)]
    return Group(*parts)


def curve(values: Iterable[float | None]) -> Text:
    """Draw values as a row of blocks, each as high as its part of the largest."""
    known = [value or 0.0 for value in values]
    most = max(known, default=0.0) or 1.0
    steps = len(BLOCKS) - 1
    return Text("".join(BLOCKS[round(steps * value / most)] for value in known), "cyan")


def _headline(view: "View") -> Text:
    workers = "1 worker" if view.workers == 1 else f"{view.workers} workers"
    about = f"{workers}, version {', '.join(view.versions) or '-'}, over {view.seconds:.1f} s"
    return Text.assemble(
        (", ".join(view.releases) or "no release", STRONG),
        (f"  {about}", FAINT),
        no_wrap=True,
        overflow="ellipsis",
    )


def _speed(view: "View", views: Sequence["View"]) -> Table:
    views = views if len(views) > 1 else ()  # one value is no curve
    rows = Table.grid(padding=(0, 2))
    rows.add_column()
    rows.add_column(justify="right")
    rows.add_row(
        "messages/s", _number(view.messages_per_second), curve(v.messages_per_second for v in views)
    )
    rows.add_row(
        "requests/s", _number(view.requests_per_second), curve(v.requests_per_second for v in views)
    )
    rows.add_row("p50", _ms(view.times.p50_ms), curve(v.times.p50_ms for v in views))
    rows.add_row("p95", _ms(view.times.p95_ms), curve(v.times.p95_ms for v in views))
    rows.add_row("p99", _ms(view.times.p99_ms), curve(v.times.p99_ms for v in views))
    return rows


def _state(view: "View") -> Table:
    stages = view.stages_ms
    rows = Table.grid(padding=(0, 3))
    rows.add_row(
        f"waiting {_count(view.waiting)}",
        f"batch {_number(view.batch_messages)}",
        f"cache {share(view.known)}",
        f"memory {_megabytes(view.memory_bytes)}",
    )
    rows.add_row(
        f"queue {_ms(stages.get('queue'))}",
        f"judge {_ms(stages.get('judge'))}",
        f"record {_ms(stages.get('record'))}",
        f"processors {view.processors:.2f}",
    )
    return rows


def _troubles(view: "View") -> Iterator[Text]:
    """Give a line for everything that is not as it should be; none where all is well."""
    ended = [f"{name} {_number(rate)}/s" for name, rate in view.outcomes.items() if name != "ok"]
    if ended:
        yield _line(f"errors: {', '.join(ended)}", ALARM)
    if view.level:
        yield _line(f"too busy, so this is left out: {LEVELS.get(view.level, 'much')}", ALARM)
    if view.store_away:
        records, seconds = _count(view.journal_records), _count(view.journal_seconds)
        yield _line(f"the store is away: {records} records wait, for {seconds} s", ALARM)
    if not view.releases:
        yield _line("no release answers; `sortyard promote ID` lets one", ALARM)


def _answers(answers: "Answers") -> Table:
    """Show a dimension: who acts, how sure the answers are, and what they were."""
    routes = {name: answers.routes[name] for name in ROUTES if name in answers.routes}
    read = {
        "encoder": answers.read,
        "reranker": answers.stages.get("reranker"),
        "rules": answers.sources.get("rule"),
    }
    facts = [("confidence", sureness(answers.confidence))]
    facts += [(name, share(part, digits=0)) for name, part in read.items() if part is not None]
    rows = Table.grid(padding=(0, 2))
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    rows.add_column()
    name = answers.dimension
    shown = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
    rows.add_row(Text(shown, STRONG), _bar(routes), _line(_shares(routes)))
    rows.add_row("", "", _line(_words(facts)))
    rows.add_row("", _line("labels", FAINT), _line(_shares(answers.labels), FAINT))
    if answers.reasons:
        rows.add_row("", _line("reasons", FAINT), _line(_shares(answers.reasons), FAINT))
    return rows


def _bar(routes: Mapping[str, float]) -> Text:
    """Draw who acts as the parts of one bar."""
    bar = Text(no_wrap=True)
    drawn, reached = 0, 0.0
    for name, style in ROUTES.items():
        reached += routes.get(name, 0.0)
        end = round(BAR * reached)
        bar.append("█" * (end - drawn), style)
        drawn = end
    return bar


def _line(words: str, style: str = "") -> Text:
    """One line, cut off where there is no room for all of it."""
    return Text(words, style, no_wrap=True, overflow="ellipsis")


def _words(facts: Iterable[tuple[str, str]]) -> str:
    return "  ".join(f"{name} {value}" for name, value in facts)


def _shares(shares: Mapping[str, float]) -> str:
    return _words((name, share(part, digits=0)) for name, part in shares.items())


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _count(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f} ms"


def _megabytes(value: float | None) -> str:
    return "-" if value is None else f"{value / MEGABYTE:,.0f} MB"
