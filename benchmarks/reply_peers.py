"""
One library's new parts of mails, in a process of its own: `reply_peers PEER FOLDER`.

It prints JSON: the text that the library leaves of each file, and the seconds that all took.
"""

import json
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from time import process_time

New = Callable[[str], str]


def mail_parser_reply() -> New:
    from mailparser_reply import EmailReplyParser  # noqa: PLC0415 -- the one that is asked
    from mailparser_reply.constants import MAIL_LANGUAGES  # noqa: PLC0415 -- as above

    parser = EmailReplyParser(languages=list(MAIL_LANGUAGES))
    return lambda mail: parser.parse_reply(text=mail) or ""


def email_reply_parser() -> New:
    from email_reply_parser import EmailReplyParser  # noqa: PLC0415 -- the one that is asked

    return EmailReplyParser.parse_reply


def quotequail() -> New:
    import quotequail as library  # noqa: PLC0415 -- the one that is asked

    def new(mail: str) -> str:
        found = library.unwrap(mail)
        return mail if not found else found.get("text_top") or found.get("text_bottom") or mail

    return new


PEERS: Mapping[str, Callable[[], New]] = {
    "mail-parser-reply": mail_parser_reply,
    "email-reply-parser": email_reply_parser,
    "quotequail": quotequail,
}


def main() -> None:
    name, folder = sys.argv[1:]
    new = PEERS[name]()
    mails = {path.stem: path.read_bytes().decode() for path in sorted(Path(folder).glob("*.txt"))}
    for mail in mails.values():
        new(mail)
    started = process_time()
    found = {stem: new(mail) for stem, mail in mails.items()}
    seconds = process_time() - started
    print(json.dumps({"found": found, "seconds": seconds, "version": version(name)}))


if __name__ == "__main__":
    main()
