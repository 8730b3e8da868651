"""Small courses to tune a tiny BERT on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from sortyard.domain.ports import Advance
from sortyard.domain.taxonomy import Kind
from sortyard.training.encoders.weights import EncoderFiles, find_encoder
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import Course, Subject
from tests.contracts.tiny_bert import write_tiny_bert

TEAMS = ("cards", "money/refunds", "money/login")
CARDS = ("a card and its charges", "money that comes back", "reset the password")
FLAGS = ("twice", "where")
SAID = {
    "cards": ("my card was charged twice", "where is my card", "the card was charged"),
    "money/refunds": ("where is my refund", "is the refund charged", "my refund, twice"),
    "money/login": ("reset my pass", "where is the reset", "the reset was twice"),
}


def tiny_encoder(folder: Path) -> EncoderFiles:
    return find_encoder(str(write_tiny_bert(folder, np.random.default_rng(20))))


def single_course(rows: int = 24, *, judged: int = 0) -> Course:
    """Rows of three teams in turn; each says what its team hears, and a number."""
    teams = [TEAMS[row % 3] for row in range(rows)]
    texts = [f"{SAID[team][row // 3 % 3]} {row}" for row, team in enumerate(teams)]
    truth = Truth.of([(team,) for team in teams], TEAMS, Kind.SINGLE)
    subject = Subject(name="team", rows=np.arange(rows), truth=truth, labels=TEAMS, cards=CARDS)
    return Course(texts=texts, subjects=(subject,), judged=np.arange(judged))


def course_of_two(rows: int = 24, *, judged: int = 0) -> Course:
    """The same rows with a second dimension, `multi`, which only the later half teaches."""
    course = single_course(rows, judged=judged)
    later = np.arange(rows // 2, rows)
    held = [tuple(flag for flag in FLAGS if flag in course.texts[row]) for row in later]
    flags = Subject(
        name="flags",
        rows=later,
        truth=Truth.of(held, FLAGS, Kind.MULTI),
        labels=FLAGS,
        cards=FLAGS,
    )
    return Course(texts=course.texts, subjects=(*course.subjects, flags), judged=np.arange(judged))


class Recorder:
    """A progress that remembers the stages and their sizes."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        self.stages.append((name, total))
        yield lambda _steps: None

    def tuning(self) -> list[tuple[str, int | None]]:
        return [one for one in self.stages if one[0].startswith("Tuning")]
