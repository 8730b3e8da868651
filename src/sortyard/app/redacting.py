"""Try on messages what a workspace wants done with their personal data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sortyard.app.personal import STORED, redactor_of
from sortyard.app.workspace import Workspace
from sortyard.domain.messages import Message
from sortyard.text.personal.policy import Policy
from sortyard.text.personal.redaction import Redactor

ASKED = "--policy"


@dataclass(slots=True)
class Tally:
    """How many messages there were, in how many something was treated, and how much of what."""

    messages: int = 0
    changed: int = 0
    found: Counter[str] = field(default_factory=Counter)


def redactor_for(workspace: Workspace, asked: Sequence[str]) -> Redactor:
    """
    Treat texts as was asked, else as the workspace wants what it stores.

    Raises `InvalidSettings` and `MissingExtra`.
    """
    source = ASKED if asked else STORED
    words = asked or workspace.settings.stored_personal
    return redactor_of(workspace, Policy.of(words, source), source)


def treated(messages: Iterable[Message], redactor: Redactor, tally: Tally) -> Iterator[str]:
    """Give the words of each message on one line, treated, and count along."""
    for message in messages:
        done = redactor.redact(message.whole)
        tally.messages += 1
        tally.changed += bool(done.counts)
        tally.found.update({entity.value: count for entity, count in done.counts.items()})
        yield " ".join(done.text.splitlines())
