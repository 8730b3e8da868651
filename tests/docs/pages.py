"""The pages that people wrote, and the blocks of code in them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
WRITTEN = [page for page in PAGES if page.parent.name != "reference"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, its text, and the line on which it starts."""

    page: Path
    language: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(language: str) -> list[Block]:
    """Find every block in a language, on the pages that people wrote."""
    return [
        Block(page, match[1], match[2], 1 + text.count("\n", 0, match.start()))
        for page in WRITTEN
        for text in [page.read_text(encoding="utf-8")]
        for match in BLOCK.finditer(text)
        if match[1] == language
    ]


def commands(program: str) -> list[tuple[str, list[str]]]:
    """Find every call of a program in a console block: where it stands, and its words."""
    return [
        (str(block), _words(call))
        for block in blocks("console")
        for line in block.text.splitlines()
        if line.startswith("$ ")
        for call in re.split(r" \| ", line.removeprefix("$ "))
        if call.split()[0] == program
    ]


def _words(call: str) -> list[str]:
    """Split a call the way a shell does, near enough."""
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', call)][1:]
