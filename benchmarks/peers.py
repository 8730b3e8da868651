"""
Sortyard beside four others, on the same rows and the same machine, one after the other.

Each is trained and timed alone in its process. The peers run in an environment of their own,
`.venv-bench`, which `make bench` sets up.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.archives import data_folder, thinned
from benchmarks.peer import PAIRS, PEERS, STEPS, STRENGTH
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import report, run, warm_up

THEIRS = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
LABELS = {"banking77": "category", "clinc150": "intent"}
NAMES = {
    "svm": "TF-IDF + linear SVM",
    "frozen": "frozen MiniLM + logistic regression",
    "model2vec": "model2vec of MiniLM + logistic regression",
    "setfit": "SetFit of MiniLM, bounded",
    "sortyard-quick": "Sortyard `quick`",
    "sortyard-edge": "Sortyard `edge`",
}
VERSIONS = "import importlib.metadata as m,sys;print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]),sep=', ')"  # noqa: E501 -- a program in a line
LIBRARIES = ("torch", "transformers", "sentence-transformers", "model2vec", "setfit")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--clinc150", action="store_true", help="on CLINC150, not BANKING77")
    parser.add_argument("--only", nargs="+", choices=NAMES, help="else all, in this order")
    given = parser.parse_args()
    name = "clinc150" if given.clinc150 else "banking77"
    data = data_folder() / name
    if not THEIRS.exists():
        print("skipped: there is no .venv-bench; `make bench` sets it up")
        sys.exit(0)
    steps = 3 if given.rows else STEPS
    table = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "train.csv", folder)
        files = [
            str(thinned(data / f"{part}.csv", given.rows, folder)) for part in ("train", "test")
        ]
        for peer in given.only or NAMES:
            report(NAMES[peer])
            python = str(THEIRS) if peer in PEERS else sys.executable
            command = [python, "-m", "benchmarks.peer", peer, *files, "--label", LABELS[name]]
            found = run([*command, "--steps", str(steps)]).found
            table.append(
                [
                    NAMES[peer],
                    percent(found["accuracy"], digits=2),
                    percent(found["macro_f1"], digits=2),
                    number(found["training_seconds"]),
                    number(found["messages_per_second"], digits=0),
                    number(found["peak_mb"], digits=0),
                ]
            )
    Section(
        name=f"peers-{name}",
        title=f"Side by side: {name}",
        about="Every one learns from the same training rows and answers the same test rows. "
        "Training starts with the texts in memory and ends when the model answers; Sortyard's "
        "starts with the file, and includes calibration, thresholds, its report and the baseline "
        "in it. Messages per second: the test set in one batch, median of three. Memory is the "
        "most that the process ever held, training included.",
        header=("classifier", "accuracy", "macro F1", "training, s", "messages/s", "peak MB"),
        rows=table,
        remarks=[
            f"logistic regressions: C = {STRENGTH:.0f} on vectors of length one, set in advance",
            (
                f"SetFit: its defaults but for a bound of {steps:,} steps of {PAIRS} pairs; "
                "without one it goes over all pairs of rows"
            ),
        ],
        libraries=their_versions(),
    ).publish(write=given.write)


def their_versions() -> list[str]:
    done = subprocess.run(  # noqa: S603 -- our own command
        [str(THEIRS), "-c", VERSIONS, *LIBRARIES], capture_output=True, text=True, check=True
    )
    return done.stdout.strip().split(", ")


if __name__ == "__main__":
    main()
