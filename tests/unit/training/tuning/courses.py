"""Small courses to tune a tiny BERT on."""

from pathlib import Path

import numpy as np

from sortyard.domain.taxonomy import Kind
from sortyard.training.encoder_weights import EncoderFiles, find_encoder
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import Course, Subject
from tests.contracts.tiny_bert import write_tiny_bert

TEAMS = ("cards", "refunds", "login")
CARDS = ("a card and its charges", "money that comes back", "reset the password")
SAID = {
    "cards": ("my card was charged twice", "where is my card", "the card was charged"),
    "refunds": ("where is my refund", "is the refund charged", "my refund, twice"),
    "login": ("reset my pass", "where is the reset", "the reset was twice"),
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
