"""The health of an archive in words, on a terminal."""

from collections.abc import Iterator
from typing import Final

from sortyard.cli.output import share, table, wrapped
from sortyard.data.health.copies import Contradiction
from sortyard.data.health.counts import FEW
from sortyard.data.health.doubts import swaps
from sortyard.data.health.health import DimensionHealth, Health
from sortyard.data.health.history_words import span_in_words
from sortyard.data.taxonomy_finding import Severity
from sortyard.data.work_list import written
from sortyard.domain.errors import number
from sortyard.domain.taxonomy import Kind

SHOWN: Final = 5  # lines of a kind, unless all are asked for
NAME: Final = 34  # columns of a name beside figures
BAR: Final = 20
SIGNS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def in_words(health: Health, *, everything: bool) -> Iterator[str]:
    """Tell the archive as a whole, each dimension, and at the end what to do."""
    shown = None if everything else SHOWN
    yield wrapped(
        f"{health.source}: {number(health.rows, 'row')}, {health.used:,} with a text and a label"
        + (f", {health.unlabelled:,} with a text only" if health.unlabelled else "")
    )
    for guess in health.guesses:
        yield wrapped(guess, indent=2)
    yield ""
    yield table(list(_facts(health)), indent=2)
    for one in health.dimensions:
        yield ""
        yield from _dimension(health, one, shown)
    yield ""
    yield from _findings(health)


def _facts(health: Health) -> Iterator[tuple[str, str]]:
    lengths, copies = health.lengths, health.copies
    low, *_, high = lengths.quantiles
    yield "length", f"median {lengths.median:,} characters, 90 % between {low:,} and {high:,}"
    yield "languages", _languages(health)
    yield (
        "near-duplicates",
        f"{number(copies.clusters, 'cluster')}, {number(copies.spare, 'row')} could go",
    )
    found = ", ".join(
        f"{each.found:,} {each.entity.value.replace('_', ' ')}" for each in health.personal.entities
    )
    yield "personal data", found or f"none in {health.personal.read:,} messages"
    for leak in health.leakage:
        for one in leak.leaks:
            seen = f"{one.exact + one.near:,} of {one.rows:,} rows seen in {leak.training}"
            groups = "" if one.grouped is None else f", {one.grouped:,} by their group"
            yield f"split: {one.part}"[:NAME], seen + groups


def _languages(health: Health) -> str:
    if health.tongues.detector is None:
        return "not told apart: `pip install 'sortyard[language]'`"
    named = [f"{code} {_share(part, digits=0)}" for code, part in health.tongues.shares.items()]
    return ", ".join(named[:4]) or "no message tells its language"


def _dimension(health: Health, one: DimensionHealth, shown: int | None) -> Iterator[str]:
    kind = "one a message" if one.kind is Kind.SINGLE else "any number a message"
    counts = one.counts
    labels, rows = number(len(counts.labels), "label"), number(counts.answered, "row")
    yield wrapped(f"{one.name}: {labels}, {kind}; {rows}")
    yield from _balance(one)
    yield from _outlook(one)
    yield from _labels(one, shown)
    yield from _spellings(one, shown)
    yield from _contradictions(health, one, shown)
    yield from _suspicions(health, one, shown)
    yield from _history(one, shown)


def _balance(one: DimensionHealth) -> Iterator[str]:
    balance = one.balance
    if balance.normalised is None or balance.band is None:
        return
    yield wrapped(
        f"entropy {balance.nats:.2f} nats, normalised {balance.normalised:.2f}: {balance.band}, "
        f"as if there were {balance.effective_labels:.1f} equally frequent labels",
        indent=2,
    )
    yield wrapped(f"asks for: {balance.asks}", indent=4)


def _outlook(one: DimensionHealth) -> Iterator[str]:
    outlook = one.outlook
    if outlook is None:
        yield "  forecast: none, with so few rows or labels"
        return
    what = "right answers" if one.kind is Kind.SINGLE else "micro F1"
    yield wrapped(
        f"forecast: {_share(outlook.value, digits=0)} {what} ({_share(outlook.low, digits=0)} to "
        f"{_share(outlook.high, digits=0)}) after `sortyard train`: {outlook.verdict}, "
        f"{outlook.verdict.meaning}",
        indent=2,
    )
    points = ", ".join(f"{_share(each.right)} from {each.rows:,}" for each in outlook.probed)
    yield wrapped(f"rests on wording alone, held out, by rows learnt from: {points}", indent=4)
    yield wrapped(
        f"always the most frequent label: {_share(outlook.guess)}; with as many rows again: "
        f"{_share(outlook.doubled, digits=0)}",
        indent=4,
    )
    yield wrapped(
        f"forecasts of this kind were right {outlook.kept} of {outlook.trials} times, on "
        f"{outlook.sets} sets; the typical miss was {100 * outlook.typical_miss:.1f} points",
        indent=4,
    )


def _labels(one: DimensionHealth, shown: int | None) -> Iterator[str]:
    labels = one.counts.labels
    if not labels:
        return
    most = labels[0].rows
    cut = labels if shown is None or len(labels) <= 2 * shown else labels[:shown]
    rest = () if cut is labels else labels[-shown:] if shown else ()

    def line(label: str, rows: int) -> tuple[str, str, str, str]:
        mark = f"below {FEW}" if rows < FEW else ""
        return _cut(label), f"{rows:>9,}", "█" * max(1, round(BAR * rows / most)), mark

    rows = [line(each.label, each.rows) for each in cut]
    if rest:
        rows.append((f"… {len(labels) - len(cut) - len(rest):,} more", "", "", ""))
        rows += [line(each.label, each.rows) for each in rest]
    yield ""
    yield table(rows, header=("label", "     rows", "", ""), indent=2)


def _spellings(one: DimensionHealth, shown: int | None) -> Iterator[str]:
    pairs = one.spellings.pairs
    if not pairs:
        return
    rows = [
        (
            _cut(each.usual, NAME - 10),
            f"{each.usual_rows:,}",
            _cut(each.rarer, NAME - 10),
            f"{each.rarer_rows:,}",
            each.difference.value,
        )
        for each in pairs[:shown]
    ]
    yield ""
    yield table(rows, header=("likely one label", "rows", "", "rows", "differ in"), indent=2)
    yield from _more(len(pairs), shown)


def _contradictions(health: Health, one: DimensionHealth, shown: int | None) -> Iterator[str]:
    disputed = one.contradictions
    if not disputed.worst:
        return
    yield ""
    yield f"  {number(disputed.exact + disputed.near, 'text')} under different labels"
    for each in disputed.worst[:shown]:
        ids = ", ".join(health.ids[at] for at in each.places[:3])
        yield wrapped(f"{ids}: {_held(each)}", indent=4)
        excerpt = health.excerpt(each.places)
        if excerpt is not None:
            yield wrapped(f'"{excerpt.words}"', indent=6)
    yield from _more(len(disputed.worst), shown)


def _suspicions(health: Health, one: DimensionHealth, shown: int | None) -> Iterator[str]:
    found = one.suspicions
    if found is None or not found.found:
        return
    yield ""
    yield f"  {found.expected:,} of {found.judged:,} labels are probably wrong"
    for each in found.found[:shown]:
        yield wrapped(
            f"{each.id}: {written(each.given)} is rather {written(each.likely)} "
            f"({_share(each.chance_given, digits=0)} against "
            f"{_share(each.chance_likely, digits=0)})",
            indent=4,
        )
        if each.id in health.excerpts:
            yield wrapped(f'"{health.excerpts[each.id].words}"', indent=6)
    yield from _more(len(found.found), shown)
    pairs = [
        (_cut(each.given, NAME - 4), _cut(each.likely, NAME - 4), f"{each.rows:,}")
        for each in swaps(found)[:shown]
    ]
    yield table(pairs, header=("carries", "is rather", "rows"), indent=4)


def _held(one: Contradiction) -> str:
    return ", ".join(f"{' + '.join(labels) or 'none'} {rows:,}" for labels, rows in one.labels)


def _history(one: DimensionHealth, shown: int | None) -> Iterator[str]:
    if one.history is not None:
        yield ""
        for line in span_in_words(one.history, shown):
            yield wrapped(line, indent=2)
    former = one.reassignments
    if former is not None and former.changed:
        yield ""
        yield f"  {former.changed:,} of {former.compared:,} had another label before"
        rows = [
            (_cut(move.before, NAME - 6), _cut(move.after, NAME - 6), f"{move.rows:,}")
            for move in former.moves[:shown]
        ]
        yield table(rows, header=("before", "now", "rows"), indent=4)
        yield from _more(len(former.moves), shown)


def _findings(health: Health) -> Iterator[str]:
    found = health.findings
    if not found:
        yield "Nothing to mend was found."
        return
    counts = [
        f"{count:,} {SIGNS[severity]}{'' if count == 1 else 's'}"
        for severity in Severity
        if (count := sum(one.severity is severity for one in found))
    ]
    yield f"Found: {', '.join(counts)}"
    for one in found:
        where = f"{one.dimension}: " if one.dimension else ""
        yield wrapped(f"{SIGNS[one.severity]}[{one.code}] {where}{one.problem}", indent=2)
        yield wrapped(f"fix: {one.remedy}", indent=6)


def _share(value: float, *, digits: int = 1) -> str:
    """Write a share so that no line ends before its sign."""
    return share(value, digits=digits).replace(" ", "\u00a0")


def _more(count: int, shown: int | None) -> Iterator[str]:
    if shown is not None and count > shown:
        yield f"    and {count - shown:,} more; `--all` shows them"


def _cut(name: str, width: int = NAME) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"
