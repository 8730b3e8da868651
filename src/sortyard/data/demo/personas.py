"""Who writes: a person with a shop, a voice and numbers, who stays the same within a message."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.grammar import expand
from sortyard.data.demo.phrasebook import Phrasebook

# Drawn anew each time they are written; everything else is drawn once for a message.
RESTLESS = frozenset({"n", "month", "weekday", "plan", "recently", "ago", "soon", "role", "thing"})
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
CURRENCIES = {
    "uk": ("£{:.2f}", "£{:.0f}"),
    "us": ("${:.2f}", "${:.0f}", "{:.0f} dollars"),
    "eu": ("{:.2f} €", "{:.0f} EUR", "€{:.2f}", "{:.0f} euros"),
}
DATES = ("{d} {month}", "{month} {d}", "{d:02d}/{m:02d}", "{d}.{m}.", "the {d}{th} of {month}")


class Voice(StrEnum):
    """How somebody writes."""

    FORMAL = "formal"
    NEUTRAL = "neutral"
    CASUAL = "casual"
    CURT = "curt"


@dataclass(frozen=True, slots=True)
class Persona:
    """
    The writer of one message, who knows what to put into each slot.

    What has once been said, an order number say, stays so until the end of the message.
    """

    dice: Dice
    book: Phrasebook
    now: datetime
    voice: Voice
    region: str
    said: dict[str, str] = field(default_factory=dict)

    @classmethod
    def meet(
        cls, dice: Dice, book: Phrasebook, now: datetime, voices: dict[Voice, float]
    ) -> "Persona":
        region = dice.weigh({"uk": 0.45, "us": 0.3, "eu": 0.25})
        return cls(dice, book, now, dice.weigh(voices), region)

    def __call__(self, slot: str) -> str:
        """Fill a slot."""
        if slot in self.said and slot not in RESTLESS:
            return self.said[slot]
        word = self._draw(slot)
        while slot == "plan" and word == self.said.get(slot):
            word = self._draw(slot)  # nobody moves from a plan to the same plan
        self.said[slot] = word
        return word

    def _draw(self, slot: str) -> str:
        if slot in self.book.slots:
            return self.dice.pick(self.book.slots[slot]).expand(self, self.dice)
        if slot in self.book.people:
            return self.dice.pick(self.book.people[slot])
        return MADE_UP[slot](self)

    def write(self, pattern: str) -> str:
        """Expand a pattern with this person's own words."""
        return expand(pattern, self, self.dice)


def _money(low: int, high: int) -> Callable[[Persona], str]:
    def draw(who: Persona) -> str:
        amount = who.dice.between(low, high) + who.dice.pick((0.0, 0.0, 0.5, 0.9, 0.99))
        written = who.dice.pick(CURRENCIES[who.region]).format(amount)
        return written.replace(".", ",") if who.region == "eu" and who.dice.chance(0.4) else written

    return draw


def _number(*shapes: str) -> Callable[[Persona], str]:
    """Make a number, with a digit for each `?` of one of the shapes."""

    def draw(who: Persona) -> str:
        shape = who.dice.pick(shapes)
        return "".join(str(who.dice.between(0, 9)) if one == "?" else one for one in shape)

    return draw


def _date(who: Persona) -> str:
    day = who.now - timedelta(days=who.dice.between(3, 40))
    th = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day // 10 != 1 else 0, "th")
    month = MONTHS[day.month - 1]
    return who.dice.pick(DATES).format(d=day.day, m=day.month, month=month, th=th)


def _colleague(who: Persona) -> str:
    names = [name for name in who.book.people["first"] if name != who.said.get("first")]
    return who.dice.pick(names)


def _address_at(who: Persona, local: str) -> str:
    domain = _plain(who("shop"))
    return f"{_plain(local)}@{domain}.{who.dice.pick(('example', 'example.com', 'example.org'))}"


def _company(who: Persona) -> str:
    return f"{who('shop')} {who('trade').title()}"


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(one for one in ascii_only.lower() if one.isalnum() or one == ".")


MADE_UP: dict[str, Callable[[Persona], str]] = {
    "name": lambda who: f"{who('first')} {who('last')}",
    "company": _company,
    "email": lambda who: _address_at(who, f"{who('first')}.{who('last')}"),
    "email2": lambda who: _address_at(who, who.dice.pick(("office", who("colleague"), "accounts"))),
    "colleague": _colleague,
    "phone": _number("(206) 555-01??", "555-01??", "+1 415 555 01??", "0117 555 01??"),
    "last4": _number("4???", "5???", "1111", "4242"),
    "order": _number("TW-20????", "#20????", "TW20????"),
    "invoice": _number("INV-2024-????", "invoice 2024/????", "RE?????"),
    "ticket": _number("#4?????", "ticket 4?????", "case 4?????"),
    "tracking": _number("JD0146???????", "1Z99?E?0??", "00340???????"),
    "serial": _number("SN?????-??", "R2-????????", "PB???????"),
    "time": _number("1?:4?", "0?:2?", "1?:0?"),
    "amount": _money(38, 890),
    "small": _money(9, 64),
    "big": _money(1200, 9800),
    "sites": lambda who: str(who.dice.between(24, 210)),
    "n": lambda who: str(who.dice.between(2, 9)),
    "date": _date,
    "month": lambda who: MONTHS[(who.now.month - 1 - who.dice.between(1, 5)) % 12],
    "weekday": lambda who: who.dice.pick(WEEKDAYS),
}
