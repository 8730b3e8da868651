"""Who said what of which message: the votes of several annotators, in one dimension."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind

Codes: TypeAlias = NDArray[np.intp]  # (votes,)
Answer: TypeAlias = tuple[str, ...]  # label paths, sorted: one where the dimension is single


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """
    The votes of one dimension, of which an annotator has at most one a message.

    `messages` are all messages of the file, also those without a vote; `annotators` and `answers`
    are those that occur, sorted. `message`, `annotator` and `answer` have one entry a vote, in the
    order of messages and then of annotators: places in these three.
    """

    dimension: str
    kind: Kind
    messages: tuple[str, ...]
    annotators: tuple[str, ...]
    answers: tuple[Answer, ...]
    message: Codes
    annotator: Codes
    answer: Codes

    @classmethod
    def of(
        cls,
        dimension: str,
        kind: Kind,
        votes: Mapping[tuple[str, str], Iterable[str]],
        *,
        messages: Iterable[str] = (),
    ) -> Self:
        """
        Number the votes, by message id and annotator; `messages` may name more than have one.

        Their order makes no difference, but to that of the messages.
        """
        ids = tuple(dict.fromkeys([*messages, *(message for message, _ in votes)]))
        annotators = tuple(sorted({annotator for _, annotator in votes}))
        given = [tuple(sorted(set(labels))) for labels in votes.values()]
        answers = tuple(sorted(set(given)))
        places = ({one: at for at, one in enumerate(all_)} for all_ in (ids, annotators, answers))
        at_message, at_annotator, at_answer = places
        message = np.array([at_message[one] for one, _ in votes], dtype=np.intp)
        annotator = np.array([at_annotator[one] for _, one in votes], dtype=np.intp)
        answer = np.array([at_answer[one] for one in given], dtype=np.intp)
        order = np.lexsort((annotator, message))
        return cls(
            dimension=dimension,
            kind=kind,
            messages=ids,
            annotators=annotators,
            answers=answers,
            message=message[order],
            annotator=annotator[order],
            answer=answer[order],
        )

    def __len__(self) -> int:
        return len(self.message)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that some vote names, sorted."""
        return tuple(sorted({label for answer in self.answers for label in answer}))

    @property
    def votes_per_message(self) -> Codes:
        """Count the votes of each message, (messages,)."""
        return np.bincount(self.message, minlength=len(self.messages)).astype(np.intp)

    @property
    def holds(self) -> NDArray[np.bool_]:
        """Tell which answer names which label, (answers, labels)."""
        column = {label: at for at, label in enumerate(self.labels)}
        found = np.zeros((len(self.answers), len(column)), dtype=np.bool_)
        for row, answer in enumerate(self.answers):
            found[row, [column[label] for label in answer]] = True
        return found
