"""
The chain that every text goes through before any model reads it, in training and in serving.

To add a link: write a frozen dataclass that fulfils `Link`, and name it in `KNOWN_LINKS`. To change
what one does: raise its version. Whoever still needs to read older releases keeps the old class
beside the new one, under the same name; one that is gone is refused, never replaced in silence.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self, cast

from sortyard.domain.errors import InvalidSettings, NewerFormat, did_you_mean
from sortyard.domain.messages import Message
from sortyard.text.ballast import Ballast
from sortyard.text.choices import USUAL, Choices
from sortyard.text.code_blocks import FoldedCode
from sortyard.text.email.new_part import NewPart
from sortyard.text.emoji import NamedEmoji
from sortyard.text.former.encoding import RepairEncoding1
from sortyard.text.former.html import HtmlToText1
from sortyard.text.links import Link
from sortyard.text.markdown import Markdown
from sortyard.text.markup import HtmlToText
from sortyard.text.normalise import RepairEncoding, Whitespace
from sortyard.text.personal.link import PersonalData
from sortyard.text.window import Window

FORMAT: Final = 1
SOURCE: Final = "preparation.json"
KNOWN_LINKS: Final[tuple[type[Link], ...]] = (
    Ballast,
    RepairEncoding,
    RepairEncoding1,
    HtmlToText,
    HtmlToText1,
    NewPart,
    FoldedCode,
    Markdown,
    NamedEmoji,
    Whitespace,
    PersonalData,
    Window,
)
_ROUNDS: Final = 4  # of escaping within escaping; nobody writes five
_PLAIN: Final = re.compile(r"[^\n\x20-\x25\x27-\x3b\x3d\x3f-\x7e]+")  # ASCII without & < >
_LETTERS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Preparation:
    """
    A chain of links as one value that is stored in every release.

    It never raises, whatever the text, and a prepared text comes out of it unchanged: the links
    run until nothing moves (HTML can hide in escaped HTML), and what still moves after a few
    rounds was written to, so it loses every character that a link could stumble over.
    """

    links: tuple[Link, ...]

    @classmethod
    def default(cls, choices: Choices = USUAL) -> Self:
        """
        Repair, strip markup, keep of a mail what is new, tidy up, and keep head and tail.

        The first, far wider windows bound what a single text can cost. What nobody chose to have
        done is no link of the chain.
        """
        folded = (FoldedCode(),) if choices.code == "fold" else ()
        named = (NamedEmoji(),) if choices.emoji == "name" else ()
        personal: tuple[Link, ...] = ()
        if not choices.personal.is_idle:  # no number is cut in two by the last window before it
            personal = (Window(head=20_000, tail=5_000), choices.personal)
        return cls(
            (
                Window(head=2_400_000, tail=600_000),
                Ballast(),
                Window(head=240_000, tail=60_000),
                RepairEncoding(choices.form),
                HtmlToText(choices.links),
                NewPart(),
                *folded,
                Markdown(choices.links),
                *named,
                Whitespace(),
                *personal,
                Window(),
            )
        )

    def __call__(self, text: str) -> str:
        for _ in range(_ROUNDS):
            prepared = self._once(text)
            if prepared == text:
                return text
            text = prepared
        text = " ".join(_PLAIN.sub(" ", text).split())
        for _ in range(_ROUNDS):
            prepared = self._once(text)
            if prepared == text:
                return text
            text = prepared
        return self._once(" ".join(_LETTERS.findall(text)))

    def _once(self, text: str) -> str:
        for link in self.links:
            text = link(text)
        return text

    def prepare(self, message: Message) -> str:
        """What the models read of a message: its subject and its text, prepared."""
        return self(message.whole)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the chain; two releases with the same one read the same text."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        return {"format": FORMAT, "links": [_described(link) for link in self.links]}

    @classmethod
    def from_dict(cls, described: Mapping[str, Any]) -> Self:
        """Rebuild the chain that `to_dict` described; raises NewerFormat or InvalidSettings."""
        found = described.get("format")
        if isinstance(found, int) and found > FORMAT:
            raise NewerFormat(SOURCE, found, FORMAT)
        entries = described.get("links")
        if found != FORMAT or not isinstance(entries, list):
            raise InvalidSettings(SOURCE, [f"it needs 'format': {FORMAT} and a list of 'links'"])
        links = tuple(_rebuilt(entry) for entry in entries)
        problems = [problem for link in links for problem in link.problems()]
        if problems:
            raise InvalidSettings(SOURCE, problems)
        return cls(links)


def _described(link: Link) -> dict[str, Any]:
    options = asdict(cast("Any", link))  # every link is a dataclass; protocols cannot say so
    return {"name": link.name, "version": link.version, "options": options}


def _rebuilt(entry: object) -> Link:
    facts = entry if isinstance(entry, Mapping) else {"name": entry}
    name, version, options = facts.get("name"), facts.get("version"), facts.get("options", {})
    known = {link.version: link for link in KNOWN_LINKS if link.name == name}
    if not known:
        guess = did_you_mean([str(name)], [link.name for link in KNOWN_LINKS])
        raise InvalidSettings(SOURCE, [f"there is no link {str(name)!r}. {guess}".strip()])
    if isinstance(version, int) and version > max(known):
        raise NewerFormat(f"Link {name!r} of {SOURCE}", version, max(known))
    if version not in known or not isinstance(options, Mapping):
        raise InvalidSettings(SOURCE, [f"link {name!r} needs a known 'version', and its 'options'"])
    try:
        return known[version](**options)
    except TypeError as error:
        raise InvalidSettings(SOURCE, [f"link {name!r}: {error}"]) from None
