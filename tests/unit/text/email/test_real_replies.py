"""Real replies in a dozen languages: what their readers took for new is what comes out."""

from pathlib import Path

import pytest

from sortyard.text.email.new_part import NewPart

# A mail of introductions alone, of which nothing is left there; here no mail becomes empty.
WHOLE = {"spam_1"}


def comparable(text: str) -> str:
    """Leave aside blanks at the ends of the text and of its lines."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


@pytest.fixture(scope="module")
def replies(shared_data: Path) -> dict[str, tuple[str, str]]:
    folder = shared_data / "reply_parsing"
    if not folder.is_dir():
        pytest.skip(f"the replies are not here: {folder} does not exist")
    return {
        path.stem: (
            path.read_bytes().decode(),
            (folder / "trimmed" / path.name).read_bytes().decode(),
        )
        for path in sorted((folder / "emails").glob("*.txt"))
    }


def test_all_but_the_named_ones_give_exactly_the_new_part(
    replies: dict[str, tuple[str, str]],
) -> None:
    keep_new = NewPart()

    missed = {
        name
        for name, (mail, new) in replies.items()
        if comparable(keep_new(mail)) != comparable(new)
    }

    assert missed == WHOLE


def test_what_is_new_has_nothing_more_to_lose(replies: dict[str, tuple[str, str]]) -> None:
    keep_new = NewPart()

    for mail, _ in replies.values():
        once = keep_new(mail)
        assert keep_new(once) == once


def test_short_messages_come_out_byte_for_byte(shared_data: Path) -> None:
    keep_new = NewPart()

    for name in ("banking77/train.csv", "banking77/test.csv", "clinc150/train.csv"):
        for line in (shared_data / name).read_text(encoding="utf-8").splitlines():
            assert keep_new(line) == line
