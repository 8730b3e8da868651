"""The support archive of an invented company, Tillwright, that sells tills and their software."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.drafting import draft
from sortyard.data.demo.letters import write_letter
from sortyard.data.demo.messages import DemoMessage, with_mistakes
from sortyard.data.demo.personas import Persona, Voice
from sortyard.data.demo.phrasebook import Phrasebook, Topic, read_phrasebook
from sortyard.data.demo.wording import mangle

FIRST_DAY = datetime(2024, 3, 1)  # noqa: DTZ001 -- a help desk's local time, as exports have it
DAYS = 366
OFFICE_HOURS = range(8, 19)
RESENT = 0.02  # messages that came before, nearly word for word
MANGLED = 0.03  # of the messages that have a letter beyond ASCII
CHANNELS = {"email": 0.52, "web_form": 0.24, "chat": 0.18, "phone_note": 0.06}
TIERS = {"starter": 0.34, "counter": 0.33, "pro": 0.21, "enterprise": 0.12}
VOICES = {Voice.FORMAL: 0.24, Voice.NEUTRAL: 0.46, Voice.CASUAL: 0.16, Voice.CURT: 0.14}
CHAT_VOICES = {Voice.NEUTRAL: 0.3, Voice.CASUAL: 0.55, Voice.CURT: 0.15}
ROLES = {"owner": 0.5, "manager": 0.22, "staff": 0.18, "accountant": 0.1}
BOOKKEEPING = {"accountant": 0.45, "owner": 0.4, "manager": 0.15}
OUTSIDERS = {"sales/partnership": "partner", "sales/demo": "prospect", "sales/pricing": "prospect"}
AGAIN = (
    "Resending this as I had no answer.",
    "I wrote this before, no reply.",
    "Me again, see below.",
)


def generate(count: int, rng: np.random.Generator) -> tuple[DemoMessage, ...]:
    """
    Make an archive of `count` messages, oldest first, that is a function of the generator's state.

    The labels of the dimension `team` are Zipf-like, a few percent of all labels are wrong, and
    about one message in fifty repeats an earlier one.
    """
    dice = Dice(rng)
    book = read_phrasebook()
    messages: list[DemoMessage] = []
    for place, received_at in enumerate(_times(count, dice)):
        if messages and dice.chance(RESENT):
            message = _resend(dice.pick(messages[-60:]), received_at, dice)
        else:
            message = _write(received_at, dice, book)
        message = replace(message, id=f"D-{100_001 + place}")
        messages.append(with_mistakes(message, dice, book))
    return tuple(messages)


def _times(count: int, dice: Dice) -> list[datetime]:
    """Draw the times of arrival: mostly in office hours, sometimes at night."""
    hours = {hour: 6.0 if hour in OFFICE_HOURS else 1.0 for hour in range(24)}
    return sorted(
        FIRST_DAY
        + timedelta(
            days=dice.between(0, DAYS - 1),
            hours=dice.weigh(hours),
            minutes=dice.between(0, 59),
            seconds=dice.between(0, 59),
        )
        for _ in range(count)
    )


def _write(received_at: datetime, dice: Dice, book: Phrasebook) -> DemoMessage:
    topic = book.topics[dice.weigh({path: one.weight for path, one in book.topics.items()})]
    channel = dice.weigh(CHANNELS)
    who = Persona.meet(dice, book, received_at, CHAT_VOICES if channel == "chat" else VOICES)
    role, tier = _standing(topic, dice)
    said = draft(topic, who, book, tier=tier, short=channel == "chat")
    body = write_letter(said, who, book, channel)
    is_mangled = not body.isascii() and dice.chance(MANGLED)
    return DemoMessage(
        id="",
        received_at=received_at,
        channel=channel,
        subject=_subject(said.subject, channel, dice),
        body=mangle(body) if is_mangled else body,
        team=topic.path,
        urgency=said.urgency,
        flags=tuple(sorted(said.flags)),
        author_role="agent" if channel == "phone_note" else role,
        customer_tier=tier,
        is_mangled=is_mangled,
    )


def _standing(topic: Topic, dice: Dice) -> tuple[str, str]:
    """Say who the author is to us: a role and a customer tier."""
    outsider = OUTSIDERS.get(topic.path)
    if outsider is not None and dice.chance(0.6):
        return outsider, "none"
    roles = BOOKKEEPING if topic.path == "billing/invoices" else ROLES
    return dice.weigh(roles), dice.weigh(TIERS)


def _subject(subject: str, channel: str, dice: Dice) -> str:
    """Leave the subject out, as chats do, or write it carelessly, as people do."""
    if channel in {"chat", "phone_note"} or dice.chance(0.05):
        return ""
    if dice.chance(0.12):
        return subject.lower()
    return subject[:1].upper() + subject[1:] if dice.chance(0.85) else f"Re: {subject}"


def _resend(original: DemoMessage, received_at: datetime, dice: Dice) -> DemoMessage:
    """Send a message again: by a double click, or with a word on it."""
    again = replace(
        original.corrected(),
        received_at=received_at,
        resends=original.resends or original.id,
    )
    if dice.chance(0.4):
        return again
    flags = tuple(sorted({*again.flags, "repeat-contact"}))
    body = f"{dice.pick(AGAIN)}\n\n{original.body}"
    return replace(again, body=body, flags=flags)
