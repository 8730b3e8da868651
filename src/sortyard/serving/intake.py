"""
What every front does with a request on its way in: name its messages, bound them, refuse twins.

A message that cannot be used is a Failure at its place, and leaves the others alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import uuid4

from sortyard.domain.errors import InvalidUsage, SortyardError, TooLarge, listing
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Failure
from sortyard.models.decide import CANDIDATES
from sortyard.serving.desk import Desk
from sortyard.serving.served import Options, Served

Given: TypeAlias = Message | Failure  # what was read of one message

LONGEST_NAME = 200  # characters of whatever a request names: a message, a dimension, a release
MOST_CANDIDATES = 100
SANE_ID = re.compile(r"[0-9A-Za-z._:-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may bring."""

    messages: int = 1_000
    characters: int = 200_000  # of one message, its subject and its metadata with it
    bytes: int = 8_000_000  # of the request as it is sent

    def check_count(self, messages: int) -> None:
        """
        Raise TooLarge for more messages than a request may bring.

        Each front asks it before it reads them one by one: a small request can hold a million empty
        messages, and everybody else would wait until the last of them is read.
        """
        if messages > self.messages:
            raise TooLarge("The request", self.messages, "messages")

    def check(self, message: Message) -> None:
        """Raise TooLarge for a message that is too long, or whose id is."""
        check_name("The id of a message", message.id)
        size = len(message.text) + len(message.subject or "")
        size += sum(len(name) + len(str(value)) for name, value in message.metadata.items())
        if size > self.characters:
            raise TooLarge("The message", self.characters, "characters")

    def bound(self, message: Message) -> Given:
        """Give a message back, or the failure that it is too long."""
        try:
            self.check(message)
        except TooLarge as error:
            return failure(message.id[:LONGEST_NAME], error)
        return message


def fresh_id() -> str:
    """Make a name for a message that came without one."""
    return uuid4().hex


def request_id(given: str | None) -> str:
    """Take the id that a caller gave its request, if it is harmless, or make one."""
    return given if given and SANE_ID.fullmatch(given) else fresh_id()


def failure(message_id: str, error: SortyardError) -> Failure:
    """Put what is wrong with one message into its place among the answers."""
    return Failure(message_id, error.code, error.problem)


def check_name(what: str, name: str) -> None:
    """
    Raise TooLarge for a name that nothing has, before anybody looks for what it might mean.

    To guess at a misspelt name takes time with the square of its length.
    """
    if len(name) > LONGEST_NAME:
        raise TooLarge(what, LONGEST_NAME, "characters")


def make_options(
    dimensions: Sequence[str] = (), candidates: int | None = None, within: float | None = None
) -> Options:
    """Read what a request chooses; nothing is chosen by an empty list and by None."""
    for name in dimensions:
        check_name("The name of a dimension", name)
    if candidates is not None and not 0 <= candidates <= MOST_CANDIDATES:
        raise InvalidUsage(
            f"{candidates} candidates cannot be given.", f"Ask for 0 to {MOST_CANDIDATES}."
        )
    return Options(
        dimensions=tuple(dimensions) or None,
        candidates=CANDIDATES if candidates is None else candidates,
        within=within,
    )


def refuse_twins(ids: Iterable[str]) -> None:
    """Raise InvalidUsage where two messages of one request have the same id."""
    twins = [one[:LONGEST_NAME] for one, count in Counter(ids).items() if count > 1]
    if twins:
        raise InvalidUsage(
            f"More than one message of the request has the id {listing(twins)}.",
            "Give each message an id of its own, or none at all.",
        )


async def answer(
    desk: Desk, given: Sequence[Given], options: Options, limits: Limits, *, front: str
) -> Served:
    """
    Answer what could be read of a request; what could not keeps its place among the results.

    Raises InvalidUsage for twins, TooLarge for too many messages, and what the desk raises.
    """
    limits.check_count(len(given))
    bounded = [limits.bound(one) if isinstance(one, Message) else one for one in given]
    messages = [one for one in bounded if isinstance(one, Message)]
    refuse_twins(message.id for message in messages)
    served = await desk.answer(messages, options, front=front)
    if len(messages) == len(bounded):
        return served
    answered = iter(served.results)
    results = tuple(one if isinstance(one, Failure) else next(answered) for one in bounded)
    return replace(served, results=results)
