"""What a release does for people, in sentences whose numbers add up."""

from collections.abc import Sequence
from dataclasses import astuple, fields

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.figures import counted
from sortyard.evaluation.measures import Fates, Measures

HUNDRED = 100
THOUSAND = 1_000
FEW = 100  # test messages; with fewer the sentence says so

# How wrong automatic answers are worded, by kind of dimension: near, in the branch, far.
TREE = ("to a sibling of the right label", "elsewhere in the right branch", "badly wrong")
SETS = ("with part of the right labels", "", "with none of the right labels")

ONE_OF_TREE = (
    "The wrong one goes to a sibling of the right label.",
    "The wrong one goes elsewhere in the right branch.",
    "The wrong one is badly wrong.",
)
ONE_OF_SETS = (
    "The wrong one has part of the right labels.",
    "",
    "The wrong one has none of the right labels.",
)


def in_plain_words(measures: Measures) -> str:
    """
    Say how many messages need no person, how many of those are right, and how wrong the rest are.

    For example: Of 100 messages, 83 are routed without a person, of which 81 rightly; 17 go to a
    person (11 to confirm a suggestion, 6 to decide). Of the 2 routed wrongly: 1 to a sibling of the
    right label and 1 badly wrong.
    """
    sentences = [_routed(measures.fates), _wrong(measures), _caveat(measures.rows)]
    return " ".join(sentence for sentence in sentences if sentence)


def scaled(fates: Fates, total: int = HUNDRED) -> Fates:
    """Scale the fates of all test messages to so many messages, in whole numbers that add up."""
    names = [one.name for one in fields(fates)]
    return Fates(**dict(zip(names, shares_that_add_up(astuple(fates), total), strict=True)))


def shares_that_add_up(counts: Sequence[int], total: int) -> list[int]:
    """
    Scale counts to whole numbers with a given sum.

    Largest remainder: every number is its exact value rounded up or down; equal remainders go to
    the larger count, then to the one that comes first.
    """
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    exact = [divmod(count * total, whole) for count in counts]
    found = [quotient for quotient, _ in exact]
    by_remainder = sorted(range(len(counts)), key=lambda at: (-exact[at][1], -counts[at], at))
    for at in by_remainder[: total - sum(found)]:
        found[at] += 1
    return found


def _routed(fates: Fates) -> str:
    some = scaled(fates)
    persons = _person(fates, some)
    if not fates.auto:
        return f"Of 100 messages, none is routed without a person; {persons}."
    if not some.auto:
        return f"Of 100 messages, fewer than 1 is routed without a person; {persons}."
    if not fates.auto_wrong:
        rightly = "all of them rightly" if some.auto > 1 else "and rightly"
    elif not some.auto_wrong:
        rightly = "nearly all of them rightly"
    else:
        rightly = f"of which {some.auto_right} rightly"
    are = "is" if some.auto == 1 else "are"
    return f"Of 100 messages, {some.auto} {are} routed without a person, {rightly}; {persons}."


def _person(fates: Fates, some: Fates) -> str:
    total = some.confirm + some.review
    if not fates.confirm + fates.review:
        return "none goes to a person"
    if not total:
        return "fewer than 1 goes to a person"
    verb = "goes" if total == 1 else "go"
    tasks = [
        f"{count} {task}"
        for count, task in ((some.confirm, "to confirm a suggestion"), (some.review, "to decide"))
        if count
    ]
    alone = tasks[0].partition(" ")[2]
    return f"{total} {verb} to a person " + (f"({', '.join(tasks)})" if len(tasks) > 1 else alone)


def _wrong(measures: Measures) -> str:
    fates = measures.fates
    if not fates.auto_wrong or (measures.is_flat and measures.kind is Kind.SINGLE):
        return ""
    base = HUNDRED if _shows_all(fates, HUNDRED) else THOUSAND
    some = scaled(fates, base)
    words = TREE if measures.kind is Kind.SINGLE else SETS
    counts = zip(_wrongs(fates), _wrongs(some), words, strict=True)
    parts = [f"{count or 'fewer than 1'} {word}" for real, count, word in counts if real]
    if base == HUNDRED and some.auto_wrong == 1:
        (only,) = (one for one, count in enumerate(_wrongs(some)) if count)
        return (ONE_OF_TREE if measures.kind is Kind.SINGLE else ONE_OF_SETS)[only]
    if base == HUNDRED:
        return f"Of the {some.auto_wrong} routed wrongly: {_and(parts)}."
    number = str(some.auto_wrong or "fewer than 1")
    verb = "is" if some.auto_wrong <= 1 else "are"
    return f"Of 1,000 messages, {number} {verb} routed wrongly: {_and(parts)}."


def _caveat(rows: int) -> str:
    return f"Measured on {counted(rows, 'message')} only." if rows < FEW else ""


def _shows_all(fates: Fates, base: int) -> bool:
    some = scaled(fates, base)
    return all(count for real, count in zip(_wrongs(fates), _wrongs(some), strict=True) if real)


def _wrongs(fates: Fates) -> tuple[int, int, int]:
    return fates.auto_near, fates.auto_branch, fates.auto_far


def _and(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
