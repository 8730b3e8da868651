"""What somebody has to say, before it is dressed as a mail, a chat or a note."""

from dataclasses import dataclass

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.grammar import Lines, Template
from sortyard.data.demo.personas import Persona, Voice
from sortyard.data.demo.phrasebook import FLAGS, URGENCIES, Phrasebook, Topic

# How often things happen; together they make the archive as hard as a real one.
VAGUE = 0.015  # says nothing of the matter
SET_UP = 0.25  # begins with something that is true of siblings too
STRAY_DETAIL = 0.1  # mentions something of a sibling's
ASIDE = 0.07  # mentions something else altogether
PRESSURE = 0.13  # a consequence is stated
PATIENCE = 0.11  # it is said that it can wait
CRYING_WOLF = 0.05  # "urgent", and nothing behind it
FLAG_CHANCES = {
    "churn-risk": 0.06,
    "legal": 0.055,
    "data-request": 0.025,
    "vip": 0.01,
    "angry": 0.075,
    "praise": 0.065,
    "repeat-contact": 0.08,
}
VIP_IN_ENTERPRISE = 0.55
INSISTING = 0.45  # says it twice
PLACES = {"repeat-contact": "lead", "vip": "lead", "legal": "request", "data-request": "request"}
CASUAL = "casual"  # the mark of what nobody would write in a formal letter
WOLF = ("URGENT ", "urgent: ", "ASAP ", "Important! ", "!!! ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The subject, the paragraphs, and what they amount to."""

    topic: Topic
    subject: str
    paragraphs: tuple[str, ...]
    urgency: str
    flags: frozenset[str]


@dataclass(slots=True)
class _Thought:
    """A draft while it is being thought of."""

    lead: list[str]
    matter: list[str]
    request: list[str]
    level: int
    flags: set[str]


def draft(topic: Topic, who: Persona, book: Phrasebook, *, tier: str, short: bool) -> Draft:
    """Think of something to write about a topic."""
    dice = who.dice
    thought = _matter(topic, who, book, short=short)
    _raise_or_lower(thought, topic, who, book)
    _add_flags(thought, topic, who, book, tier)
    if not short and dice.chance(ASIDE):
        thought.request.append(_say(book.cues["asides"], who))
    subject = dice.pick(topic.subjects).expand(who, dice)
    if dice.chance(CRYING_WOLF):
        subject = dice.pick(WOLF) + subject
    return Draft(
        topic=topic,
        subject=subject,
        paragraphs=_paragraphs(thought, dice),
        urgency=URGENCIES[thought.level],
        flags=frozenset(thought.flags),
    )


def _matter(topic: Topic, who: Persona, book: Phrasebook, *, short: bool) -> _Thought:
    """Say what it is about, clearly, by hints or hardly at all."""
    dice = who.dice
    if dice.chance(VAGUE):
        return _Thought([], [_say(book.cues["vague"], who)], [], URGENCIES.index("normal"), set())
    weak = dice.chance(topic.weak)
    cores = [one for one in topic.cores if who.voice is not Voice.FORMAL or CASUAL not in one.marks]
    core = Template("", (topic.implied,)) if weak else dice.pick(cores)
    matter = [] if weak else [core.expand(who, dice)]
    lead = [_say(topic.contexts, who)] if weak or dice.chance(SET_UP) else []
    count = dice.weigh({0: 0.4, 1: 0.6 if short else 0.45, 2: 0.15})
    matter += [one.expand(who, dice) for one in dice.pick_some(topic.details, count)]
    if dice.chance(STRAY_DETAIL):
        matter.append(_say(dice.pick(book.siblings(topic)).details, who))
    request = [_say(topic.asks, who)] if weak or dice.chance(0.25 if short else 0.5) else []
    marked = [mark for mark in core.marks if mark in URGENCIES]
    level = URGENCIES.index(marked[0] if marked else topic.urgency)
    return _Thought(lead, matter, request, level, {mark for mark in core.marks if mark in FLAGS})


def _raise_or_lower(thought: _Thought, topic: Topic, who: Persona, book: Phrasebook) -> None:
    """State a consequence, which raises the urgency, or that there is none, which lowers it."""
    dice = who.dice
    if thought.level == URGENCIES.index("low"):
        if dice.chance(PATIENCE):
            thought.request.append(_say(book.cues["patience"], who))
    elif dice.chance(topic.stakes):
        thought.level = URGENCIES.index("critical")
        thought.matter.append(_say(book.cues["critical"], who))
    elif dice.chance(PRESSURE):
        thought.level = max(thought.level, URGENCIES.index("high"))
        thought.matter.append(_say(book.cues["high"], who))
    elif thought.level == URGENCIES.index("normal") and dice.chance(PATIENCE):
        thought.level = URGENCIES.index("low")
        thought.request.append(_say(book.cues["patience"], who))


def _add_flags(thought: _Thought, topic: Topic, who: Persona, book: Phrasebook, tier: str) -> None:
    for flag in FLAGS:
        chance = topic.flags.get(flag, FLAG_CHANCES[flag])
        if flag == "vip" and tier == "enterprise":
            chance = VIP_IN_ENTERPRISE
        if flag in thought.flags or {flag, *thought.flags} >= {"angry", "praise"}:
            continue
        if who.dice.chance(chance):
            thought.flags.add(flag)
            times = 2 if who.dice.chance(INSISTING) else 1
            for cue in who.dice.pick_some(book.cues[flag], times):
                place = PLACES.get(flag) or who.dice.pick(("matter", "request"))
                getattr(thought, place).append(cue.expand(who, who.dice))


def _say(lines: Lines, who: Persona) -> str:
    return who.dice.pick(lines).expand(who, who.dice)


def _paragraphs(thought: _Thought, dice: Dice) -> tuple[str, ...]:
    """Break the thought where a person would: sometimes nowhere."""
    parts = [thought.lead, thought.matter, thought.request]
    if thought.request and dice.chance(0.12):
        parts = [thought.request, thought.lead, thought.matter]
    texts = [" ".join(as_sentence(one) for one in said if one) for said in parts if any(said)]
    if dice.chance(0.45):
        return (" ".join(texts),)
    if dice.chance(0.5):
        return (" ".join(texts[:-1]), texts[-1]) if len(texts) > 1 else tuple(texts)
    return tuple(texts)


def as_sentence(text: str) -> str:
    """Begin with a capital and end with a stop."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":", "-", '"')) else f"{text}."
