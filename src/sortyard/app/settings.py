"""
The settings of a workspace, declared once: name, type, default and help.

The command line beats the environment (`SORTYARD_…`), which beats `sortyard.toml`, which beats
the default. Unknown names and wrong values are errors, all of them at once.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sortyard.app.declaring import PREFIX, Declared, Value, setting
from sortyard.domain.errors import InvalidSettings, did_you_mean
from sortyard.domain.records import TextForm
from sortyard.text.code_blocks import CODE
from sortyard.text.emoji import EMOJI
from sortyard.text.markup import LINKS
from sortyard.text.normalise import FORMS

FILE = "sortyard.toml"
SEED = 20
HIGHEST_PORT = 65_535
LONGEST = 36_500  # days; a calendar ends somewhere
MOST = 1_000_000_000  # of anything that is counted; beyond that some library counts no further


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything about a workspace that a person may choose, resolved."""

    recipe: str = setting(
        "What to train: `quick`, `standard` with a tuned encoder, `full` with a reranker too, or "
        "`edge` for one small file.",
        "quick",
    )
    seed: int = setting("Where the random numbers of splits and training start.", SEED)
    text: tuple[str, ...] = setting("The columns to read as text; guessed where empty.", ())
    label: tuple[str, ...] = setting(
        "The label columns: `COLUMN`, `NAME=COLUMN` or `PARENT/CHILD`; guessed where empty.", ()
    )
    id: str = setting("The column with the ids of messages; guessed where empty.", "")
    group: str = setting("The column whose rows stay together in a split, say a thread.", "")
    time: str = setting("The column to split by time, so that the latest rows are the test.", "")
    taxonomy: str = setting("The taxonomy file, as seen from the workspace.", "taxonomy.yaml")
    gates: str = setting("The gates file; the default gates where it is absent.", "gates.toml")
    rules: str = setting("The rules file; no rules where it is absent.", "rules.yaml")
    features: str = setting(
        "The file of features beyond the words; none where it is absent.", "features.yaml"
    )
    encoder: str = setting(
        "The encoder: a folder, or OWNER/NAME[@COMMIT] of the hub; the installed one where empty.",
        "",
    )
    download: bool = setting(
        "Whether the hub may be asked for an encoder that is not on this disk.", default=False
    )
    normal_form: str = setting(
        "The form of characters: `nfkc` also makes plain letters of styled ones.",
        "nfc",
        choices=FORMS,
    )
    links: str = setting(
        "What stays of a link in HTML and Markdown: its `words`, or also the `host` it leads to.",
        "words",
        choices=LINKS,
    )
    code: str = setting(
        "Whether stack traces, logs and code are kept, or folded into a line each that says what "
        "matters.",
        "keep",
        choices=CODE,
    )
    emoji: str = setting("Whether emoji are kept, or named in words.", "keep", choices=EMOJI)
    languages: tuple[str, ...] = setting(
        "The languages of the archive by their codes, such as `en`; learnt where empty. With `any` "
        "every language passes.",
        (),
    )
    other_languages: tuple[str, ...] = setting(
        "Who reads a message in another language: `review`, `model` or `translate`, and `CODE=…` "
        "for one of them.",
        ("review",),
    )
    translate_command: str = setting(
        "The program that translates: the text comes in, its translation goes out, and "
        "`{language}` becomes the code.",
        "",
    )
    translate_seconds: float = setting(
        "How long it may take for one message.", 1.0, least=0.1, most=60
    )
    cache: str = setting("Where exported encoders are kept; your cache folder where empty.", "")
    promote: str = setting(
        "Which release that passes its gates becomes champion by itself.",
        "first",
        choices=("first", "always", "never"),
    )
    host: str = setting(
        "The address to serve on; one that others reach needs an API key first.", "127.0.0.1"
    )
    http_port: int = setting(
        "The port of HTTP; any free one where 0.", 8080, least=0, most=HIGHEST_PORT
    )
    grpc_port: int = setting("The port of gRPC; no gRPC where 0.", 0, least=0, most=HIGHEST_PORT)
    tls_cert: str = setting("The certificate file to serve with TLS; no TLS where empty.", "")
    tls_key: str = setting("The file of the key that belongs to the certificate.", "")
    workers: int = setting("How many processes answer.", 1, least=1, most=64)
    batch_size: int = setting(
        "How many messages are judged together at most.", 64, least=1, most=MOST
    )
    batch_window: float = setting(
        "How many milliseconds a message waits for others at most.", 2.0, least=0, most=60_000
    )
    most_waiting: int = setting(
        "How many messages may wait; more are refused.", 2_048, least=1, most=MOST
    )
    patience: float = setting(
        "After how many seconds a message that still waits is refused.", 2.0, least=0.1, most=3_600
    )
    cache_entries: int = setting("How many answers are remembered.", 20_000, least=0, most=MOST)
    request_messages: int = setting(
        "How many messages one request may hold.", 1_000, least=1, most=MOST
    )
    request_bytes: int = setting(
        "How many bytes one request may hold.", 8_000_000, least=1, most=MOST
    )
    text_characters: int = setting(
        "How many characters one text may hold.", 200_000, least=1, most=MOST
    )
    rate_limit: int = setting(
        "How often one key may ask in a minute, unless the key says so itself; 0 is no limit.",
        60_000,
        least=0,
        most=MOST,
    )
    store: str = setting(
        "The database, as a URL; a file is seen from the workspace.", "sqlite:///.sortyard/store.db"
    )
    text_form: str = setting(
        "How the words of messages are kept; `encrypted` needs `SORTYARD_TEXT_KEY`.",
        TextForm.PLAIN.value,
        choices=tuple(form.value for form in TextForm),
    )
    model_personal: tuple[str, ...] = setting(
        "What the models read of personal data: `redact`, `drop` or `keep`, and `KIND=…` for one.",
        ("redact",),
    )
    stored_personal: tuple[str, ...] = setting(
        "What is stored of it where `text_form` is `redacted` or `encrypted`, also as `hash`; "
        "where empty, `redacted` redacts all of it.",
        (),
    )
    logged_personal: tuple[str, ...] = setting(
        "What the log shows of it, in the ids that callers give their requests.", ("redact",)
    )
    hash_key_file: str = setting(
        "The file with the key for `hash`; where empty, it is in `SORTYARD_HASH_KEY`.", ""
    )
    names_model: str = setting(
        "The spaCy model that finds names and places: a folder, or an installed one by name.", ""
    )
    durable: bool = setting(
        "Whether an answer waits until the disk has it, to survive a power cut.", default=False
    )
    keep_days: int = setting(
        "After how many days messages are forgotten; never where 0.",
        0,
        least=0,
        most=LONGEST,
    )
    trace_endpoint: str = setting("Where to send OpenTelemetry traces; none where empty.", "")
    trace_share: float = setting(
        "The share of requests that is traced, unless a caller's trace says otherwise.",
        1.0,
        least=0,
        most=1,
    )


DECLARED: tuple[Declared, ...] = tuple(Declared.of(one) for one in fields(Settings))
BY_NAME: Mapping[str, Declared] = {one.name: one for one in DECLARED}


def resolve(
    folder: Path, *, given: Mapping[str, Value | None], environment: Mapping[str, str]
) -> Settings:
    """
    Put the settings of a workspace together; `given` are those of the command line.

    A setting that is `None` in `given` was not given. Raises `InvalidSettings`.
    """
    path = folder / FILE
    chosen = _checked(str(path), _from_file(path)) if path.is_file() else {}
    chosen |= _checked("The environment", _from_environment(environment))
    chosen |= _checked("The command line", [(k, v) for k, v in given.items() if v is not None])
    return Settings(**chosen)


def first_file(chosen: Mapping[str, Value | None]) -> str:
    """Write the text of a new `sortyard.toml`: every setting explained, the chosen ones set."""
    lines = ["# The settings of this workspace. A line without # is set; the rest are defaults."]
    for one in DECLARED:
        value = chosen.get(one.name)
        mark = "# " if value is None else ""
        shown = one.default if value is None else value
        lines += ["", f"# {one.about}", f"{mark}{one.name} = {_toml(shown)}"]
    return "\n".join(lines) + "\n"


def _from_file(path: Path) -> list[tuple[str, object]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSettings(str(path), [f"it is not TOML ({error})"]) from None
    return [(k, tuple(v) if isinstance(v, list) else v) for k, v in table.items()]


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """
    Read the variables that name a setting, or nearly do.

    A variable that resembles none is not ours: container platforms add some of their own.
    """
    for variable, words in sorted(environment.items()):
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX):
            continue
        if name in BY_NAME:
            try:
                yield name, BY_NAME[name].parse(words)
            except (ValueError, KeyError):
                yield name, words  # of the wrong type, and refused for it
        elif get_close_matches(name, BY_NAME, n=1, cutoff=0.8):
            yield name, words


def _checked(source: str, found: Iterable[tuple[str, object]]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    problems: list[str] = []
    for name, given in found:
        declared = BY_NAME.get(name)
        value = given if declared is None else declared.settled(given)
        if declared is None:
            hint = did_you_mean([name], BY_NAME).strip().rstrip("?")
            problems.append(f"{name!r} is no setting{f' ({hint}?)' if hint else ''}")
        elif not declared.accepts(value):
            problems.append(f"{name!r} is {declared.expectation}, not {_readable(value)}")
        else:
            chosen[name] = value
    if problems:
        raise InvalidSettings(source, problems)
    return chosen


def _readable(value: object) -> str:
    return repr(list(value) if isinstance(value, tuple) else value)


def _toml(value: Value) -> str:
    """Write a value as TOML; its texts, numbers and lists are those of JSON."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
