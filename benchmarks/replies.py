"""
The new part of a reply: how often it is exactly what people took for it, beside three libraries.

The cases are those of Discourse's trimmer of replies, whose own test compares without the blanks at
both ends; here those at the ends of lines do not count either. The peers run in `.venv-bench`.
"""

import json
import random
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.archives import data_folder
from benchmarks.reply_peers import PEERS
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.text.email.new_part import NewPart

THEIRS = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
OURS = "Sortyard"
SEED = 5  # of the two halves
BAR = 0.95
# Written down when the rules for the first half were done, before a case of the second was read.
UNSEEN = "25 of 32 (78.1 %)"
WHY = (
    "spam_1 is nothing but introductions of quotations, and nothing of it is taken for new; here a "
    "mail of which nothing would be left stays whole"
)
TIMED = 20  # rounds


def main() -> None:
    given = arguments(__doc__).parse_args()
    folder = data_folder() / "reply_parsing"
    mails, wanted = _read(folder / "emails"), _read(folder / "trimmed")
    names = sorted(mails)
    first = set(random.Random(SEED).sample(names, len(names) // 2))  # noqa: S311 -- it hides nothing
    report(OURS)
    keep_new = NewPart()
    found = {OURS: {name: keep_new(mail) for name, mail in mails.items()}}
    milliseconds = {OURS: _milliseconds(keep_new, mails)}
    versions = []
    for peer in PEERS:
        theirs = _theirs(peer, folder / "emails")
        if theirs is not None:
            found[peer] = theirs["found"]
            milliseconds[peer] = 1000 * theirs["seconds"] / len(names)
            versions.append(f"{peer} {theirs['version']}")
    missed = {who: _missed(new, wanted) for who, new in found.items()}
    table = [
        [
            who,
            f"{len(names) - len(some)} of {len(names)}",
            percent(1 - len(some) / len(names)),
            f"{len(first - some)} of {len(first)}",
            f"{len(set(names) - first - some)} of {len(names) - len(first)}",
            number(milliseconds[who], digits=2),
        ]
        for who, some in missed.items()
    ]
    reached = "reached" if 1 - len(missed[OURS]) / len(names) >= BAR else "missed"
    absent = [peer for peer in PEERS if peer not in found]
    Section(
        name="replies",
        title="The new part of a reply",
        about=f"{len(names)} real replies in more than a dozen languages (Discourse), and what "
        "people took for new in them. A case counts where the text that is left is the same, but "
        "for blanks at the ends of lines and of the text. The halves are by chance (seed "
        f"{SEED}): our rules were written on the first. Time: the mean of one mail, on one core.",
        header=("by", "right", "right, %", "first half", "second half", "ms a mail"),
        rows=table,
        remarks=[
            f"on the second half, before any case of it was read, Sortyard had {UNSEEN} right",
            f"the bar of {100 * BAR:.0f} % is {reached}",
            *(f"{who} misses: {', '.join(sorted(some))}" for who, some in missed.items()),
            WHY,
            *(f"{peer} is not installed in .venv-bench" for peer in absent),
        ],
        libraries=versions,
    ).publish(write=given.write)


def _read(folder: Path) -> Mapping[str, str]:
    return {path.stem: path.read_bytes().decode() for path in sorted(folder.glob("*.txt"))}


def _missed(found: Mapping[str, str], wanted: Mapping[str, str]) -> set[str]:
    return {name for name, new in wanted.items() if _bare(found[name]) != _bare(new)}


def _bare(text: str) -> str:
    lines: Sequence[str] = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _milliseconds(keep_new: NewPart, mails: Mapping[str, str]) -> float:
    rounds = []
    for _ in range(TIMED):
        started = process_time()
        for mail in mails.values():
            keep_new(mail)
        rounds.append(1000 * (process_time() - started) / len(mails))
    return statistics.median(rounds)


def _theirs(peer: str, folder: Path) -> Mapping[str, Any] | None:
    """Ask a library; None where it is not installed."""
    if not THEIRS.exists():
        return None
    report(peer)
    command = [str(THEIRS), "-m", "benchmarks.reply_peers", peer, str(folder)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 -- our own
    return json.loads(ran.stdout) if ran.returncode == 0 else None


if __name__ == "__main__":
    main()
