"""How to tell lines that a machine wrote: of stack traces, logs, source code and encoded files."""

import re
from enum import Enum
from typing import Final

LOOKED_AT: Final = 300  # characters of a line that tell what it is


class Kind(Enum):
    """What a machine wrote, with how many lines in a row it takes to be sure of it."""

    TRACE = "trace", 2
    LOG = "log", 3
    CODE = "code", 4
    FILE = "file", 3

    def __init__(self, word: str, fewest: int) -> None:
        self.word = word
        self.fewest = fewest


# An error with its name, as most languages print it: `java.io.IOException: broken pipe`.
ERROR: Final = re.compile(
    r"(?:Caused by: |Exception in thread \S{1,80} |Uncaught |Unhandled exception[.:] |"
    r"PHP Fatal error: {1,2}Uncaught |\[?ERROR\]? |panic: |thread '[^']{1,80}' panicked at )?"
    r"(?P<name>(?:[A-Za-z_]\w{0,80}[.$:\\]{1,2}){0,12}[A-Za-z_]\w{0,80}"
    r"(?:Error|Exception|Fault|Failure|Interrupt|Warning))\b(?::\s?(?P<words>.*))?"
)
PANIC: Final = re.compile(r"(?P<name>panic|Segmentation fault|fatal error)\b:?\s?(?P<words>.*)")
TRACE_HEAD: Final = re.compile(
    r"\s*(?:Traceback \(most recent call last\):|Stack ?trace:|goroutine \d+ \[[^\]]{1,80}\]:)"
)
_FRAME: Final = re.compile(
    r"\s*(?:at (?:async |new )?[^\s()]{1,200}(?: \[as \w{1,80}\])? ?\(.{0,200}\)(?: in .{1,200})?"
    r"|at (?:file://|[A-Za-z]:[\\/]|/|node:)\S{1,250}:\d+(?::\d+)?"
    r'|File ".{1,200}", line \d+(?:, in .{1,100})?'
    r"|from \S{1,200}:\d+:in .{1,100}"
    r"|#\d{1,3}:?\s+(?:0x[0-9a-fA-F]+ |/\S{1,200}\(\d+\)|\{main\}|\[internal function\]).{0,200}"
    r"|\.\.\. \d+ (?:more|common frames omitted)"
    r"|(?:/|[A-Za-z]:\\)[^\s:]{1,200}\.\w{1,5}:\d+(?: \+0x[0-9a-f]+)?"
    r"|[\w./*()]{1,150}\.[\w.*()]{1,100}\((?:0x[0-9a-f]+|\.\.\.|[{},]| ){0,60}\)"
    r"|goroutine \d+ \[[^\]]{1,80}\]:)\s*"
)
_WHEN: Final = re.compile(
    r"\s*[\[(<]{0,2}(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ,]{1,2}\d{1,2}:\d{2}(?::\d{2})?"
    r"|\d{1,2}[-/. ](?:\d{1,2}|[A-Z][a-z]{2})[-/. ]\d{2,4}[: ,]{1,2}\d{1,2}:\d{2}(?::\d{2})?"
    r"|[A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}|\d{1,2}:\d{2}:\d{2})"
    r"(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?[\])>]{0,2}[ \t:|-]*"
)
LEVEL: Final = re.compile(
    r"\b(?P<level>TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|FATAL|CRIT(?:ICAL)?|SEVERE)\b"
    r"[\])>]?[ \t:|-]*"
)
_BY_MACHINE: Final = re.compile(
    r"\[\d{1,10}\]|\b\w{1,40}=\S|\b0x[0-9a-f]{2}|(?<!\S)/\w{1,40}/\w|\b\w{1,40}(?:\.\w{1,40}){2,12}:"
)
_CODE: Final = re.compile(
    r"(?!\s*(?:\d{1,3}[.)]|[-*+\u2022]) )(?:.{0,250}[=()\[\]{}<>].{0,250};|.{0,300}[{}])\s*"
    r"|\s*(?:def|class|fn|func|function|public|private|protected|static|const|let|var|elif|except|for"
    r"|while|if) ?[\w(\"'].{0,300}[:{]\s*|\s*(?:else|try|finally):\s*|\s*return\b.{0,200}[)\]\w]"
    r"|\s*(?:import \w|from [\w.]{1,80} import |using \w|package \w)[\w., *{}]{0,200};?\s*"
    r"|\s*#include\b.{0,200}|\s*</?[a-z][\w:-]{0,60}(?: [^<>]{0,250})?>.{0,250}"
)
_FILE: Final = re.compile(r"[A-Za-z0-9+/=]{60,}|M[\x20-\x60]{60}|(?:[0-9a-fA-F]{2} ){15,}.{0,100}")
_WORD: Final = re.compile("[a-z]{2}[ -]")


def kind_of(line: str) -> Kind | None:
    """Tell which machine would write such a line; None for one that a person may have written."""
    start = line[:LOOKED_AT]
    if _FRAME.fullmatch(start):
        return Kind.TRACE
    if is_logged(start):
        return Kind.LOG
    if _FILE.fullmatch(start.strip()) and not _WORD.search(start):
        return Kind.FILE
    return Kind.CODE if _CODE.fullmatch(start) else None


def is_logged(line: str) -> bool:
    """
    Tell a line of a log, which begins with a time and then has more that no person writes.

    A chat that somebody copied has times as well.
    """
    when = _WHEN.match(line)
    if when is None:
        return False
    rest = line[when.end() : LOOKED_AT]
    return bool(LEVEL.match(rest.lstrip("[(<")) or LEVEL.search(rest) or _BY_MACHINE.search(rest))


def without_time(line: str) -> str:
    """Give what a line of a log says, without when."""
    when = _WHEN.match(line)
    return line[when.end() :] if when else line
