"""`classify`, `explain` and `evaluate` with a trained release."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.functional.conftest import Sortyard, objects

pytestmark = pytest.mark.slow
REFUND = "please refund my order 17"


def test_a_text_gets_a_label_a_confidence_and_a_route(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("classify", "-w", workspace, REFUND, "--json")
    (team,) = [one["dimensions"]["team"] for one in objects(said.out)]

    assert (
        team["label"],
        0.0 <= team["confidence"] <= 1.0,
        team["route"] in {"auto", "confirm"},
    ) == (
        "billing",
        True,
        True,
    )


def test_every_text_gets_a_line(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("classify", "-w", workspace, "--json", REFUND, "my parcel is late", "")

    assert [one["id"] for one in objects(said.out)] == ["1", "2", "3"]


def test_an_empty_text_goes_to_a_person_without_a_confidence(
    sortyard: Sortyard, workspace: Path
) -> None:
    (found,) = objects(sortyard("classify", "-w", workspace, "--json", "").out)
    team = found["dimensions"]["team"]

    assert (team["label"], team["confidence"], team["route"], team["reason"]) == (
        None,
        None,
        "review",
        "empty",
    )


def test_a_person_reads_words(sortyard: Sortyard, workspace: Path) -> None:
    assert sortyard("classify", "-w", workspace, REFUND).out.split()[:2] == ["team", "billing"]


def test_lines_of_a_pipe_are_messages(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("classify", "-w", workspace, "--json", stdin=b"refund\n\nparcel\n")

    assert [one["id"] for one in objects(said.out)] == ["1", "2", "3"]


def test_a_bad_line_among_objects_is_reported_with_its_number(
    sortyard: Sortyard, workspace: Path
) -> None:
    lines = b'{"id": "a", "text": "refund"}\n{"id": "b", "te\n{"id": "c", "text": "parcel"}\n'
    said = sortyard("classify", "-w", workspace, "--json", stdin=lines)
    one, bad, two = objects(said.out)

    assert [one["id"], bad["id"], two["id"]] == ["a", "2", "c"]
    assert "line 2 is not a JSON object" in bad["error"]["problem"]
    assert "1 message could not be answered" in said.err


def test_a_bad_line_is_shown_to_a_person(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("classify", "-w", workspace, stdin=b'{"text": "refund"}\n{}\n')

    assert "error[invalid-message]: Message '2' cannot be used: line 2 has no 'text'" in said.out


def test_a_poisoned_line_spoils_no_other(sortyard: Sortyard, workspace: Path) -> None:
    """One bad row among a hundred: ninety-nine answers and one that says what is wrong."""
    lines = [b"please refund order %d" % number for number in range(100)]
    lines[50] = b"\xff\xfe\x00" * 1_000
    said = sortyard("classify", "-w", workspace, "--json", stdin=b"\n".join(lines))

    assert len(objects(said.out)) == 100


def test_a_file_becomes_a_file(sortyard: Sortyard, workspace: Path, archive: Path) -> None:
    sortyard("classify", "-w", workspace, "--input", archive, "--output", workspace / "out.csv")
    with (workspace / "out.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))

    assert (len(rows), rows[0]["id"], rows[0]["release"][0]) == (240, "t-0", "r")


def test_a_file_name_without_a_kind_is_refused_before_the_work(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    said = sortyard("classify", "-w", workspace, "-i", archive, "-o", workspace / "out")

    assert (said.code, "error[invalid-usage]" in said.err) == (2, True)


def test_texts_and_a_file_together_are_refused(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    assert sortyard("classify", "-w", workspace, "-i", archive, "text").code == 2


def test_without_a_release_the_next_step_is_told(sortyard: Sortyard) -> None:
    sortyard("init")

    assert "sortyard train" in sortyard("classify", "text").err


def test_the_parts_of_an_explanation_add_up(sortyard: Sortyard, workspace: Path) -> None:
    (found,) = objects(sortyard("explain", "-w", workspace, REFUND, "--json").out)
    team = found["dimensions"]["team"]
    parts = sum(one["contribution"] for one in team["terms"]) + team["nearest"] + team["constant"]

    assert parts == pytest.approx(team["score"], abs=1e-3)


def test_an_explanation_shows_examples_that_look_alike(sortyard: Sortyard, workspace: Path) -> None:
    assert "look alike" in sortyard("explain", "-w", workspace, REFUND).out


def test_an_unknown_dimension_is_named(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("explain", "-w", workspace, REFUND, "--dimension", "teem")

    assert "Did you mean 'team'" in said.err


def test_an_evaluation_has_the_figures_of_a_training(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    said = sortyard("evaluate", archive, "-w", workspace, "--json")
    metrics = json.loads(said.out)["dimensions"]["team"]["metrics"]

    assert {"accuracy", "macro_f1", "ece", "auto_coverage", "auto_precision", "recall_at_5"} <= set(
        metrics
    )


def test_an_evaluation_on_training_messages_warns_with_their_count(
    sortyard: Sortyard, workspace: Path, archive: Path, release: str
) -> None:
    said = sortyard("evaluate", archive, "-w", workspace, "--json")
    report = json.loads(said.out)
    trained = json.loads(
        (workspace / ".sortyard" / "releases" / release / "metrics.json").read_text()
    )

    assert report["seen_in_training"] == trained["training_rows"] > 0
    assert report["notes"][0].startswith(f"{trained['training_rows']} of 240 messages were in the")


def test_an_evaluation_on_other_messages_warns_of_nothing(
    sortyard: Sortyard, workspace: Path
) -> None:
    lines = ["id,body,team", "n-1,a refund that never came,billing", "n-2,locked out again,access"]
    (workspace / "other.csv").write_text("\n".join(lines) + "\n")
    said = sortyard("evaluate", workspace / "other.csv", "-w", workspace, "--json")
    report = json.loads(said.out)

    assert (report["seen_in_training"], report["notes"]) == (0, [])


def test_a_release_that_does_not_say_what_it_was_trained_on_is_told_of(
    sortyard: Sortyard, workspace: Path, archive: Path, release: str
) -> None:
    folder = workspace / ".sortyard" / "releases" / release
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["fingerprints.safetensors"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "fingerprints.safetensors").unlink()
    report = json.loads(sortyard("evaluate", archive, "-w", workspace, "--json").out)

    assert report["seen_in_training"] is None
    assert "does not say whether it was trained on" in report["notes"][0]


def test_an_evaluation_that_fails_a_gate_is_a_no(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    (workspace / "gates.toml").write_text("min_messages_per_second = 1e12\n")

    assert sortyard("evaluate", archive, "-w", workspace, "--json").code == 1


def test_a_label_that_the_release_does_not_know_is_counted(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    (workspace / "new.csv").write_text(
        archive.read_text().replace("t-0,", "x-0,").replace(",delivery", ",shipping", 3)
    )
    said = sortyard("evaluate", workspace / "new.csv", "-w", workspace, "--json")

    assert any("taxonomy does not have" in one for one in json.loads(said.out)["notes"])


def _python(code: str, *arguments: str | Path, folder: Path) -> subprocess.Popen[str]:
    source = Path(__file__).resolve().parents[2] / "src"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


PROGRAM = "import sys; from sortyard.cli.program import main; main()"


def test_a_stream_is_answered_line_by_line(workspace: Path) -> None:
    """The first answer is there before the second line is written."""
    with _python(PROGRAM, "classify", "--json", folder=workspace) as process:
        process.stdin.write("please refund order 1\n")
        process.stdin.flush()
        first = json.loads(process.stdout.readline())
        process.communicate("where is my parcel\n")

    assert (first["id"], process.returncode) == ("1", 0)


def test_a_reader_that_leaves_ends_it_quietly(workspace: Path) -> None:
    with _python(PROGRAM, "classify", folder=workspace) as process:
        process.stdout.close()
        _, said = process.communicate("please refund order 1\n" * 2_000)

    assert (process.returncode, said) == (141, "")


WITHOUT_EXTRAS = """
import sys

class Absent:
    names = {"sklearn", "onnx", "pyarrow", "jinja2", "datasketch", "huggingface_hub",
             "charset_normalizer", "torch", "transformers", "pandas"}

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""


def test_a_release_answers_without_anything_that_trains(workspace: Path) -> None:
    code = WITHOUT_EXTRAS + PROGRAM
    with _python(code, "classify", REFUND, folder=workspace) as process:
        out, said = process.communicate()

    assert (out.split()[:2], said) == (["team", "billing"], "")


def test_training_without_its_extra_says_what_to_install(workspace: Path, archive: Path) -> None:
    code = WITHOUT_EXTRAS + PROGRAM
    with _python(code, "train", archive, folder=workspace) as process:
        _, said = process.communicate()

    assert ("error[missing-extra]" in said, "sortyard[train]" in said) == (True, True)
