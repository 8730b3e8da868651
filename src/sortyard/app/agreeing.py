"""How far several annotators agree, what they have to decide, and the archive that comes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from sortyard.app.archives import edited_taxonomy
from sortyard.app.sheets import LINES, write_sheet
from sortyard.app.workspace import found_or_here
from sortyard.data.decisions import (
    DECIDED,
    DIMENSION,
    ID,
    SEPARATOR,
    Decisions,
    read_decisions,
    written,
)
from sortyard.data.vote_file import VoteFile, read_votes
from sortyard.data.votes import Answer
from sortyard.domain.errors import InvalidUsage, number
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.agreement.measuring import GATE, Agreement, measure_agreement
from sortyard.evaluation.agreement.work import Divided

VOTES: Final = "votes"
CONSENSUS: Final = "consensus"
SUPPORT: Final = "support"
OWN: Final = (ID, DIMENSION, VOTES, CONSENSUS, SUPPORT, DECIDED)
NO_ANSWER: Final = "null"  # an empty cell of several labels says that none holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What the user says of a file of votes; columns that are not named are guessed.

    `decided` is a work list that was filled in, and `gate` the least alpha that will do; the
    workspace has a seed where none is named.
    """

    annotators: Sequence[str] = ()
    labels: Sequence[str] = ()
    id: str | None = None
    text: Sequence[str] = ()
    decided: Path | None = None
    gate: float = GATE
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The agreement on every dimension of a file, held against the gate, and remarks on reading."""

    file: VoteFile
    dimensions: tuple[Agreement, ...]
    decisions: Decisions | None
    gate: float
    seed: int

    @property
    def passed(self) -> bool:
        return all(one.passes(self.gate) for one in self.dimensions)

    @property
    def remarks(self) -> Iterator[str]:
        yield from self.file.remarks
        if self.decisions is not None and self.decisions.strangers:
            count = self.decisions.strangers
            yield f"{number(count, 'decision')} on messages that these votes do not have: left out."


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, how many messages are in it, and how many had no answer."""

    path: Path
    rows: int
    without: int = 0


def agree_on(source: Path, asked: Asked, folder: Path | None, *, progress: Progress) -> Agreed:
    """
    Read votes and what was decided since, and measure them.

    The workspace, which need not be there, has the labels that nobody voted for. Raises what
    `read_votes`, `read_decisions` and `measure_agreement` do.
    """
    workspace = found_or_here(folder)
    seed = workspace.settings.seed if asked.seed is None else asked.seed
    with progress.stage(f"Reading {source.name}"):
        file = read_votes(
            source,
            annotators=asked.annotators,
            labels=asked.labels,
            id_column=asked.id,
            text=asked.text,
        )
        taxonomy = edited_taxonomy(workspace)
        known = {one.name: one.leaves for one in taxonomy.dimensions} if taxonomy else {}
        decisions = None
        if asked.decided is not None:
            decisions = read_decisions(asked.decided, file.dimensions, known=known)
    rng = np.random.default_rng(seed)
    found = []
    with progress.stage("Measuring", len(file.dimensions)) as advance:
        for votes in file.dimensions:
            name = votes.dimension
            decided = {} if decisions is None else decisions.answers[name]
            labels = known.get(name, ())
            found.append(measure_agreement(votes, rng=rng, known=labels, decided=decided))
            advance(1)
    return Agreed(
        file=file,
        dimensions=tuple(found),
        decisions=decisions,
        gate=asked.gate,
        seed=seed,
    )


def write_work(agreed: Agreed, target: Path) -> Written:
    """
    Write the messages that need a decision, most urgent first, with a column to fill in.

    Raises `InvalidUsage` for another ending, or where a text column has one of our names.
    """
    texts = _text_columns(agreed, OWN)
    rows = [
        {
            ID: one.message,
            DIMENSION: agreement.votes.dimension,
            VOTES: votes_in_words(one),
            CONSENSUS: written(one.consensus),
            SUPPORT: f"{one.support:.2f}",
            DECIDED: "",
            **_texts(agreed, one.message),
        }
        for agreement in agreed.dimensions
        for one in agreement.work
    ]
    write_sheet(target, [*OWN, *texts], rows)
    return Written(target, len(rows))


def write_archive(agreed: Agreed, target: Path) -> Written:
    """
    Write each message with what its votes come to, or a person decided, for `sortyard train`.

    Messages without an answer in any dimension are left out. Raises `InvalidUsage` as `write_work`.
    """
    names = [one.votes.dimension for one in agreed.dimensions]
    texts = _text_columns(agreed, (ID, *names))
    kinds = {one.votes.dimension: one.votes.kind for one in agreed.dimensions}
    answers: dict[str, dict[str, Answer | None]] = {}
    for one in agreed.dimensions:
        for id_, answer in zip(one.votes.messages, one.consensus.answers, strict=True):
            answers.setdefault(id_, {})[one.votes.dimension] = answer
    rows = [
        {
            ID: id_,
            **_texts(agreed, id_),
            **{name: _cell(held.get(name), kinds[name], target) for name in names},
        }
        for id_, held in answers.items()
        if any(answer is not None for answer in held.values())
    ]
    write_sheet(target, [ID, *texts, *names], rows)
    return Written(target, len(rows), len(answers) - len(rows))


def votes_in_words(divided: Divided) -> str:
    """Say how many votes each answer has, as `refunds 2, invoices 1`."""
    return ", ".join(f"{written(answer)} {count}" for answer, count in divided.votes)


def _cell(answer: Answer | None, kind: Kind, target: Path) -> str | list[str] | None:
    """Write an answer as the reader of archives takes it: none that holds is not no answer."""
    if target.suffix.lower() == LINES:
        return None if answer is None else list(answer) if kind is Kind.MULTI else answer[0]
    if answer is None:
        return NO_ANSWER if kind is Kind.MULTI else ""
    return SEPARATOR.join(answer)


def _text_columns(agreed: Agreed, taken: Sequence[str]) -> Sequence[str]:
    columns = agreed.file.columns.text
    for name in columns:
        if name in taken:
            raise InvalidUsage(
                f"The text column {name!r} has the name of one that is to be written.",
                "Rename it in the file of votes.",
            )
    return columns


def _texts(agreed: Agreed, id_: str) -> Mapping[str, str]:
    return dict(zip(agreed.file.columns.text, agreed.file.texts.get(id_, ()), strict=False))
