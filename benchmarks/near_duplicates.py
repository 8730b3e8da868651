"""
Near-duplicates among a million short texts: time, memory, and what is found.

The texts are the archives' own, and others that are crossed from two of them: the beginning of one
and the end of another, so that they are about as varied as messages are. A tenth are planted: a
copy of some other text with one or two small edits. How alike a planted text is to what it was
made from is counted here a second time, with plain Python sets.
"""

import gc
import os
import random
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.archives import data_folder, read
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.data.duplicates import SIMILAR, near_duplicate_groups
from sortyard.data.forms import normal_form

SIZE = 1_000_000
SEED = 20
OWN = 0.15  # of the texts come as the archives have them, copies and all
PLANTED = 0.1
LEAST = 20  # letters of a text that is worth planting a copy of
SAMPLE = 20_000  # pairs whose likeness is counted
SECONDS, MEMORY_MB = 300.0, 6_144
BANDS = ((0.85, 0.9), (0.9, 0.95), (0.95, 1.01))
RUN = 4  # letters: what the product counts by
POOLS = (
    ("banking77/train.csv", "text"),
    ("banking77/test.csv", "text"),
    ("clinc150/train.csv", "text"),
    ("clinc150/test.csv", "text"),
    ("chat/train.csv.gz", "text"),
    ("chat/test.csv.gz", "text"),
)


@dataclass(frozen=True, slots=True)
class Plant:
    """The place of a planted text, and of the one that it was made from."""

    copy: int
    origin: int


def main() -> None:
    given = arguments(__doc__).parse_args()
    data = data_folder()
    pool = [row[column] for name, column in POOLS for row in read(data / name)]
    draw = random.Random(SEED)  # noqa: S311 -- nothing secret
    report("making texts")
    texts, plants = made(pool, given.rows or SIZE, draw)
    del pool
    gc.collect()
    before = _peak_mb()
    report(f"grouping {len(texts):,} texts")
    began, busy = perf_counter(), process_time()
    groups = near_duplicate_groups(texts)
    seconds, busy = perf_counter() - began, process_time() - busy
    peak = _peak_mb()
    report("counting")
    alike = {one: likeness(texts[one.copy], texts[one.origin]) for one in plants}
    pairs = [likeness(texts[one], texts[other]) for one, other in _met(groups, draw)]
    bands = [
        (low, high, [one for one, near in alike.items() if low <= near < high])
        for low, high in BANDS
    ]
    table = [
        ["texts", f"{len(texts):,}", ""],
        ["groups", f"{len(np.unique(groups)):,}", ""],
        ["largest group", f"{int(np.bincount(groups).max()):,}", ""],
        ["seconds", number(seconds), f"at most {SECONDS:.0f}"],
        ["of these on a CPU core", number(busy), ""],
        ["peak MB of the process", number(peak, digits=0), f"at most {MEMORY_MB:,}"],
        ["of these before it began, MB", number(before, digits=0), ""],
        *(
            [
                f"planted copies found, alike {low:.2f} to {min(high, 1.0):.2f}",
                f"{percent(_found(groups, held), digits=2)} % of {len(held):,}",
                "",
            ]
            for low, high, held in bands
        ),
        [
            f"pairs in one group that are alike {SIMILAR:.2f} themselves",
            f"{percent(_share(pairs, SIMILAR), digits=2)} % of {len(pairs):,}",
            "",
        ],
        [
            "pairs in one group that are alike 0.70 themselves",
            f"{percent(_share(pairs, 0.7), digits=2)} %",
            "",
        ],
    ]
    Section(
        name="near-duplicates",
        title="Near-duplicates: a million short texts",
        about=f"`near_duplicate_groups` on {len(texts):,} texts: {100 * OWN:.0f} % as the archives "
        f"(BANKING77, CLINC150, chat) have them, {100 * PLANTED:.0f} % planted copies with one or "
        "two small edits, the others crossed from two. Two texts are alike by the share of their "
        "runs of four letters that both have; here counted anew with plain sets. Pairs are a text "
        "and any other of its group, by chance; in a group some texts hang together only through "
        "others. Texts whose folded forms are equal are the same to the product, so pairs of them "
        "count as alike 1.",
        header=("what", "measured", "the bar"),
        rows=table,
        remarks=(f"load of the machine when it ended: {_load()}",),
    ).publish(write=given.write)


def made(pool: Sequence[str], size: int, draw: random.Random) -> tuple[list[str], Sequence[Plant]]:
    """Make so many texts, and tell which are planted; the order is by chance."""
    planted, own = int(PLANTED * size), int(OWN * size)
    texts = [draw.choice(pool) for _ in range(own)]
    while len(texts) < size - planted:
        texts.append(_crossed(draw.choice(pool), draw.choice(pool), draw))
    usable = [place for place, text in enumerate(texts) if len(text) >= LEAST]
    origins = [draw.choice(usable) for _ in range(planted)]
    texts += [_edited(texts[place], draw) for place in origins]
    order = list(range(len(texts)))
    draw.shuffle(order)
    place_of = {old: new for new, old in enumerate(order)}
    plants = [
        Plant(copy=place_of[size - planted + at], origin=place_of[origin])
        for at, origin in enumerate(origins)
    ]
    return [texts[old] for old in order], plants


def _crossed(one: str, other: str, draw: random.Random) -> str:
    left, right = one.split(), other.split()
    head = left[: draw.randint(1, max(len(left) - 1, 1))]
    return " ".join([*head, *right[draw.randrange(max(len(right) - 1, 1)) :]])


def _edited(text: str, draw: random.Random) -> str:
    for _ in range(draw.randint(1, 2)):
        text = draw.choice(EDITS)(text, draw)
    return text


def _shout(text: str, _: random.Random) -> str:
    return text.upper() + "!!"


def _greet(text: str, draw: random.Random) -> str:
    return draw.choice(["hi ", "hello ", "ok "]) + text


def _thank(text: str, draw: random.Random) -> str:
    return text + draw.choice([" thanks", " please", ", ok"])


def _slip(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _swap(text: str, draw: random.Random) -> str:
    at = draw.randrange(max(len(text) - 1, 1))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


EDITS: Sequence[Callable[[str, random.Random], str]] = (_shout, _greet, _thank, _slip, _swap)


def likeness(one: str, other: str) -> float:
    """Count how alike two texts are by their runs of letters (Jaccard)."""
    left, right = _runs(one), _runs(other)
    return len(left & right) / len(left | right)


def _runs(text: str) -> set[str]:
    padded = f" {normal_form(text)} ".ljust(RUN)
    return {padded[at : at + RUN] for at in range(len(padded) - RUN + 1)}


def _met(groups: NDArray[np.intp], draw: random.Random) -> Iterator[tuple[int, int]]:
    """Draw texts by chance, and with each some other of its group."""
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(groups.max() + 2))
    shared = np.flatnonzero(np.diff(starts)[groups] > 1)
    for one in draw.choices(shared.tolist(), k=SAMPLE) if len(shared) else ():
        low, high = int(starts[groups[one]]), int(starts[groups[one] + 1])
        other = one
        while other == one:
            other = int(order[draw.randrange(low, high)])
        yield one, other


def _found(groups: NDArray[np.intp], plants: Sequence[Plant]) -> float | None:
    if not plants:
        return None
    return float(np.mean([groups[one.copy] == groups[one.origin] for one in plants]))


def _share(values: Sequence[float], least: float) -> float | None:
    return float(np.mean(np.array(values) >= least)) if values else None


def _peak_mb() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _load() -> str:
    cores = os.cpu_count() or 1
    return f"{os.getloadavg()[0]:.1f} runnable processes on {cores} cores"


if __name__ == "__main__":
    main()
