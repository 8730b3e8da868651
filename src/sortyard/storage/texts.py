"""How the words of a message are kept: as they are, sealed, redacted, or not at all."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sortyard.domain.errors import InvalidSettings, InvalidUsage
from sortyard.domain.messages import Message, MetadataValue
from sortyard.domain.records import KeptText, TextForm
from sortyard.text.personal.policy import Policy
from sortyard.text.personal.redaction import Redactor

VARIABLE: Final = "SORTYARD_TEXT_KEY"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
AUTHOR: Final = "author"  # the metadata that names whom a message is from
VERSION: Final = "1"  # of what a sealed text looks like: version.key.nonce and ciphertext
_AUTHOR: Final = b"sortyard author"
_TEXT: Final = b"sortyard text"

Redact = Callable[[str], str]  # takes what is personal out of a text
REDACT_ALL: Final[Redact] = Redactor(Policy())


@dataclass(frozen=True, slots=True)
class TextKeeper:
    """
    Turns a message into what is kept of it, and back where that is possible.

    The first key seals, and every key opens: so a key is changed by putting a new one before it.
    Subject, text and metadata are sealed together, and not even their lengths show one by one.
    `redact` treats personal data, in redacted texts and, where it is given, in sealed ones.
    """

    form: TextForm
    keys: Sequence[bytes] = field(default=(), repr=False)
    redact: Redact | None = None

    @classmethod
    def of(
        cls, form: TextForm, keys: Sequence[bytes] = (), *, redact: Redact | None = None
    ) -> Self:
        """Choose how to keep words. Raises `InvalidSettings` where sealing lacks its key."""
        if form is TextForm.ENCRYPTED and not keys:
            raise InvalidSettings(VARIABLE, [f"it is not set, and `text_form` is {form.value!r}"])
        return cls(form, tuple(keys), redact)

    def keep(self, message: Message) -> KeptText:
        """Give what is kept of a message."""
        match self.form:
            case TextForm.PLAIN:
                return KeptText(
                    form=self.form,
                    subject=message.subject,
                    text=message.text,
                    metadata=message.metadata,
                )
            case TextForm.ENCRYPTED:
                treated = message if self.redact is None else _redacted(message, self.redact)
                return KeptText(form=self.form, text=self._seal(treated))
            case TextForm.REDACTED:
                treated = _redacted(message, self.redact or REDACT_ALL)
                return KeptText(
                    form=self.form,
                    subject=treated.subject,
                    text=treated.text,
                    metadata=treated.metadata,
                )
            case TextForm.NONE:
                return KeptText(form=self.form)

    def reveal(self, kept: KeptText) -> KeptText:
        """
        Open what is sealed, and leave the rest as it is.

        Raises `InvalidUsage` where no key opens it.
        """
        if kept.form is not TextForm.ENCRYPTED or kept.text is None:
            return kept
        return KeptText(form=TextForm.PLAIN, **json.loads(self._open(kept.text)))

    def author(self, name: str | None) -> str | None:
        """
        Give the form in which an author is kept: the name itself only beside plain text.

        Elsewhere a keyed hash stands for the name, and without a key nothing does.
        """
        if name is None or self.form is TextForm.PLAIN:
            return name
        return _hashed(name, self.keys[0]) if self.keys else None

    def author_forms(self, name: str) -> tuple[str, ...]:
        """Give every form in which an author may have been kept, whatever the settings were."""
        return (name, *(_hashed(name, key) for key in self.keys))

    def _seal(self, message: Message) -> str:
        words = json.dumps(
            {
                "subject": message.subject,
                "text": message.text,
                "metadata": dict(message.metadata),
            },
            separators=(",", ":"),
        )
        nonce, key = secrets.token_bytes(NONCE_BYTES), self.keys[0]
        sealed = nonce + AESGCM(key).encrypt(nonce, words.encode("ascii"), _TEXT)
        return ".".join((VERSION, _name(key), base64.b64encode(sealed).decode("ascii")))

    def _open(self, sealed: str) -> bytes:
        version, name, body = (*sealed.split(".", 2), "", "", "")[:3]
        key = {_name(key): key for key in self.keys}.get(name)
        if version != VERSION or key is None:
            raise InvalidUsage(
                f"A text was sealed with the key {name[:8]!r}, which is not given.",
                f"Put that key into {VARIABLE}, after the present one and a comma.",
            )
        try:
            both = base64.b64decode(body, validate=True)
            return AESGCM(key).decrypt(both[:NONCE_BYTES], both[NONCE_BYTES:], _TEXT)
        except (InvalidTag, ValueError):
            raise InvalidUsage(
                "A sealed text was changed since it was written.",
                "Restore the store from a backup, or forget that message.",
            ) from None


def read_text_keys(value: str | None) -> tuple[bytes, ...]:
    """
    Read the keys that stand in the environment: base64 of 32 bytes each, with commas between.

    Raises `InvalidSettings`, which never quotes a key.
    """
    words = [word.strip() for word in (value or "").split(",") if word.strip()]
    keys = [_decoded(word) for word in words]
    problems = [
        f"key {place} is not {KEY_BYTES} bytes as base64"
        for place, key in enumerate(keys, start=1)
        if key is None or len(key) != KEY_BYTES
    ]
    if problems:
        raise InvalidSettings(VARIABLE, problems)
    return tuple(key for key in keys if key is not None)


def new_text_key() -> str:
    """Make a key, as it stands in the environment."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _decoded(word: str) -> bytes | None:
    try:
        return base64.b64decode(word, validate=True)
    except ValueError:
        return None


def _name(key: bytes) -> str:
    """Name a key by a hash of it, so that whoever reads a sealed text knows which one it takes."""
    return hashlib.sha256(b"sortyard key" + key).hexdigest()[:8]


def _hashed(author: str, key: bytes) -> str:
    own = hmac.digest(key, _AUTHOR, "sha256")  # or one key would serve two purposes
    return hmac.digest(own, author.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]


def _redacted(message: Message, redact: Redact) -> Message:
    """Treat every text, and leave out the author, whose name has no pattern."""
    metadata: Mapping[str, MetadataValue] = {
        name: _redacted_value(value, redact)
        for name, value in message.metadata.items()
        if name != AUTHOR
    }
    subject = None if message.subject is None else redact(message.subject)
    return Message(message.id, redact(message.text), subject, metadata)


def _redacted_value(value: MetadataValue, redact: Redact) -> MetadataValue:
    """Treat a value, also a number that is somebody's card or telephone."""
    words = str(value)
    redacted = redact(words)
    return value if redacted == words else redacted
