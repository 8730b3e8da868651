"""From what somebody says to what arrives: a mail, a web form, a chat or a note of a call."""

import html
from datetime import timedelta

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.drafting import Draft, as_sentence
from sortyard.data.demo.personas import Persona, Voice
from sortyard.data.demo.phrasebook import Phrasebook
from sortyard.data.demo.wording import in_own_words, with_typos

IN_HTML = 0.17
QUOTED = 0.1
SIGNED = {Voice.FORMAL: 0.9, Voice.NEUTRAL: 0.6, Voice.CASUAL: 0.2, Voice.CURT: 0.35}
OPENED = {Voice.FORMAL: 0.95, Voice.NEUTRAL: 0.75, Voice.CASUAL: 0.5, Voice.CURT: 0.1}
STYLE = "font-family:Calibri,Arial,sans-serif;font-size:11pt;color:#1f1f1f"
PAGE = (
    f'<html><head><style>p{{{{margin:0}}}}</style></head><body style="{STYLE}">'
    "\n{body}\n</body></html>"
)
PIXEL = '<img src="https://mail.example.net/o/{seen}.gif" width="1" height="1" alt="">'


def write_letter(draft: Draft, who: Persona, book: Phrasebook, channel: str) -> str:
    """Write the body of a message as it arrives by this channel."""
    texts = [with_typos(in_own_words(one, who, book), who.dice) for one in draft.paragraphs]
    if channel == "chat":
        return _chat(texts, who, book)
    if channel == "phone_note":
        return f"{_line(book, 'note_opening', who)}\n{' '.join(texts)}"
    if channel == "web_form":
        return "\n\n".join([*_opening(who, book, 0.4), *texts, *_closing(who, book, 0.4)])
    return _mail(texts, draft, who, book)


def _chat(texts: list[str], who: Persona, book: Phrasebook) -> str:
    greeting = _line(book, "casual_opening", who) if who.dice.chance(0.4) else ""
    said = " ".join(texts) if who.dice.chance(0.6) else "\n".join(texts)
    return who.dice.pick(("{} {}", "{}\n{}")).format(greeting, said).strip()


def _mail(texts: list[str], draft: Draft, who: Persona, book: Phrasebook) -> str:
    dice = who.dice
    parts = [*_opening(who, book, 1.0), *texts, *_closing(who, book, 1.0)]
    if dice.chance(SIGNED[who.voice]):
        parts.append(_signature(who, book))
    if dice.chance(0.1):
        parts.append(_line(book, "disclaimer", who))
    quote = _quote(draft, who, book) if dice.chance(QUOTED) else []
    if dice.chance(IN_HTML):
        return _as_html(parts, quote, dice)
    text = "\n\n".join([*parts, *(["\n".join(quote)] if quote else [])])
    return text.replace("'", "\u2019") if dice.chance(0.25) else text


def _opening(who: Persona, book: Phrasebook, share: float) -> list[str]:
    """Greet, and perhaps clear the throat."""
    parts = []
    manner = "neutral" if who.voice is Voice.CURT else who.voice.value
    if who.dice.chance(share * OPENED[who.voice]):
        parts.append(_line(book, f"{manner}_opening", who))
    if who.voice is not Voice.CURT and who.dice.chance(share * 0.18):
        parts.append(_line(book, "polite_lead", who))
    return parts


def _closing(who: Persona, book: Phrasebook, share: float) -> list[str]:
    if not who.dice.chance(share * 0.8):
        return []
    closing = _line(book, f"{who.voice.value}_closing", who)
    named = who.dice.chance(0.7) and closing != who("name")
    return [f"{closing}\n{who(who.dice.pick(('first', 'name')))}" if named else closing]


def _signature(who: Persona, book: Phrasebook) -> str:
    """Sign as mail programs do, with more numbers than anybody needs."""
    if who.voice is Voice.CASUAL or who.dice.chance(0.25):
        return _line(book, "mobile", who)
    lines = ["{name}", "{company}", "{address}", "Tel. {phone}", "{email}"]
    kept = [line for at, line in enumerate(lines) if at == 1 or who.dice.chance(0.6)]
    return "\n".join([who.dice.pick(("-- ", "---", "")), *map(who.write, kept)]).strip("\n")


def _quote(draft: Draft, who: Persona, book: Phrasebook) -> list[str]:
    """Quote the answer that was given before, and what it answered: not always the same matter."""
    sent = who.now - timedelta(days=who.dice.between(1, 9), minutes=who.dice.between(0, 600))
    siblings = book.siblings(draft.topic)
    earlier = who.dice.pick(siblings) if who.dice.chance(0.35) else draft.topic
    answer = _line(book, "agent_reply", who)
    asked = as_sentence(who.dice.pick(earlier.cores).expand(who, who.dice))
    head = (
        f"On {sent:%a, %d %b %Y at %H:%M}, Tillwright Support <support@tillwright.example> wrote:"
    )
    return [
        head,
        f"> Hello {who('first')},",
        f"> {answer}",
        f"> {who('agent')}",
        ">",
        f">> {asked}",
    ]


def _as_html(parts: list[str], quote: list[str], dice: Dice) -> str:
    """Wrap a mail as an office program would."""
    escaped = [html.escape(part, quote=False).replace("\n", "<br>\n") for part in parts]
    if dice.chance(0.5):
        escaped = [part.replace("£", "&pound;").replace("'", "&#39;") for part in escaped]
    tag = dice.pick(("p", "div", 'p class="MsoNormal"'))
    body = "\n".join(f"<{tag}>{part}</{tag.split()[0]}>" for part in escaped)
    if quote:
        told = "<br>\n".join(html.escape(line.lstrip("> "), quote=False) for line in quote)
        body += f'\n<blockquote type="cite">{told}</blockquote>'
    if dice.chance(0.3):
        body += PIXEL.format(seen=dice.between(10_000, 99_999))
    body = body.replace("  ", "&nbsp; ")
    if dice.chance(0.5):
        return PAGE.format(body=body)
    return f'<div dir="ltr">{body}</div>'


def _line(book: Phrasebook, name: str, who: Persona) -> str:
    return who.dice.pick(book.letters[name]).expand(who, who.dice)
