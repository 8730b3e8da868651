"""Mailboxes, single mails and folders of mails are archives like any other."""

import gzip
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.archive import read_archive, read_messages
from sortyard.data.conversations import conversations
from sortyard.data.mails import row_of
from sortyard.data.mbox import mails_of
from sortyard.data.readers import read_table
from sortyard.domain.errors import UnreadableArchive

BETWEEN = b"From anna@example.com Mon May  3 10:15:00 2021\n"


def mail(number: int, label: str = "billing", text: str = "It broke.", **more: str) -> EmailMessage:
    made = EmailMessage()
    made["Message-ID"] = f"<{number}@example.com>"
    made["From"] = "Anna Berg <Anna@Example.com>"
    made["Date"] = "Mon, 03 May 2021 10:15:00 +0200"
    made["Subject"] = f"Chair {number}"
    made["X-Label"] = label
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def mbox(folder: Path, *mails: EmailMessage) -> Path:
    path = folder / "mail.mbox"
    path.write_bytes(b"".join(BETWEEN + bytes(one) + b"\n" for one in mails))
    return path


def test_a_mailbox_is_a_table(tmp_path: Path) -> None:
    path = mbox(tmp_path, mail(1), mail(2, In_Reply_To="<1@example.com>"), mail(3))

    table = read_table(path)

    assert table["subject"] == ("Chair 1", "Chair 2", "Chair 3")
    assert table["text"][0].strip() == "It broke."
    assert table["author"][0] == "anna@example.com"
    assert table["date"][0] == "2021-05-03T08:15:00+00:00"
    assert table["X-Label"] == ("billing",) * 3
    assert table["conversation"] == ("1@example.com", "1@example.com", "3@example.com")


@pytest.mark.parametrize("kind", ["mbox", "gzip", "folder"])
def test_a_header_or_the_folder_is_a_label_like_a_column(tmp_path: Path, kind: str) -> None:
    mails = [mail(at, "billing" if at % 2 else "shipping", f"It broke {at}.") for at in range(8)]
    path = mbox(tmp_path, *mails)
    if kind == "gzip":
        path.write_bytes(gzip.compress(path.read_bytes()))
    if kind == "folder":
        path = tmp_path / "mails"
        for one in mails:
            (path / one["X-Label"]).mkdir(parents=True, exist_ok=True)
            (path / one["X-Label"] / f"{one['Subject']}.eml").write_bytes(bytes(one))

    archive = read_archive(path, labels=["folder" if kind == "folder" else "X-Label"])

    assert len(archive.dataset) == 8
    assert {labels for (labels,) in archive.dataset.labels(archive.dataset.dimensions[0])} == {
        "billing",
        "shipping",
    }
    assert archive.columns.text == ("text",)
    assert archive.columns.subject == "subject"
    assert archive.columns.group == "conversation"
    assert archive.dataset.examples[0].message.id.endswith("@example.com")


def test_labels_are_found_unasked(tmp_path: Path) -> None:
    mails = [mail(at, "billing" if at % 2 else "shipping") for at in range(12)]

    archive = read_archive(mbox(tmp_path, *mails))

    assert archive.columns.label_specs == ("X-Label",)


def test_the_folder_is_a_label_unasked_where_nothing_else_is(tmp_path: Path) -> None:
    for at in range(12):
        one = mail(at, text=f"It broke {at}.")
        del one["X-Label"]
        folder = tmp_path / ("billing" if at % 2 else "shipping")
        folder.mkdir(exist_ok=True)
        (folder / f"{at}.EML").write_bytes(bytes(one))

    archive = read_archive(tmp_path)

    assert archive.columns.label_specs == ("folder",)


def test_a_single_mail_can_be_classified(tmp_path: Path) -> None:
    path = tmp_path / "one.eml"
    path.write_bytes(bytes(mail(1)))

    messages = read_messages(path)

    assert [one.subject for one in messages.messages] == ["Chair 1"]


def test_gmail_says_labels_and_states(tmp_path: Path) -> None:
    one = mail(1, X_Gmail_Labels="Inbox,Opened,Category updates,clients/north,billing")

    table = read_table(mbox(tmp_path, one, mail(2)))

    assert table["X-Gmail-Labels"] == (("clients/north", "billing"), None)


def test_plain_text_is_read_before_html_and_attachments_are_counted() -> None:
    one = mail(1)
    one.add_alternative("<p>It <b>broke</b> loudly.</p>", subtype="html")
    one.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bill.PDF")
    one.add_attachment(b"x", maintype="image", subtype="png")
    one.add_attachment("a,b", subtype="csv", filename="rows.csv")

    row = row_of(bytes(one))

    assert str(row["text"]).strip() == "It broke."
    assert row["attachments"] == 3
    assert row["attachment types"] == ("csv", "image", "pdf")


def test_a_mail_of_html_alone_is_read_as_its_reader_sees_it() -> None:
    one = mail(1)
    one.set_content("<p>It <b>broke</b>.</p><blockquote>What did?</blockquote>", subtype="html")

    assert str(row_of(bytes(one))["text"]).split() == ["It", "broke.", ">", "What", "did?"]


@pytest.mark.parametrize(
    ("charset", "raw"),
    [
        ("iso-8859-1", "Grüße für schön".encode("cp1252")),
        ("utf-8", "Grüße für schön".encode("cp1252")),
        ("x-nobody-knows", "Grüße für schön".encode()),
        ("us-ascii", "Grüße für schön".encode()),
        ("\x00", "Grüße für schön".encode()),
    ],
)
def test_wrong_and_unknown_charsets_are_guessed(charset: str, raw: bytes) -> None:
    head = f"Subject: x\nContent-Type: text/plain; charset={charset}\n\n".encode()

    assert row_of(head + raw)["text"] == "Grüße für schön"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?q?_an_alle?=", "Grüße an alle"),
        ("=?iso-8859-1?Q?Gr=FC=DFe?=\n =?utf-8?b?IGFu?= alle", "Grüße an alle"),
        ("=?no-such?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?b?!!!?=", "=?utf-8?b?!!!?="),
        ("Grüße", "Grüße"),
    ],
)
def test_encoded_headers_are_decoded(written: str, meant: str) -> None:
    assert row_of(f"Subject: {written}\n\ntext".encode())["subject"] == meant


def test_lines_that_begin_with_from_are_text() -> None:
    lines = [
        BETWEEN,
        b"Subject: x\n",
        b"\n",
        b"From here on\n",
        b"\n",
        b"From now on,\n",
        b">From 1\n",
    ]

    found = list(mails_of([*lines, b"\n", BETWEEN, b"Subject: y\n"]))

    assert [number for number, _ in found] == [1, 9]
    assert found[0][1].endswith(b"From here on\n\nFrom now on,\nFrom 1\n\n")


def test_mails_that_name_one_another_are_one_conversation() -> None:
    threads = conversations([("b", "a"), ("c", "b"), ("x",), (), ("d", "lost"), ("e", "lost")])

    assert threads[0] == threads[1]
    assert threads[4] == threads[5]
    assert len({*threads}) == 4


def test_a_folder_without_mails_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArchive, match="without any"):
        read_table(tmp_path)


def test_a_table_with_colons_is_no_mail(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("subject: what,label\nfrom: here,a\n")

    assert read_table(path).columns == ("subject: what", "label")


fragments = st.sampled_from(
    [
        *(b"Content-Type: multipart/mixed; boundary=x\n", b"\n--x\n", b"--x--\n", b"\n\n", b"=?"),
        *(b"Content-Type: text/html; charset=\xff\n", b"Content-Transfer-Encoding: base64\n"),
        *(b"Content-Disposition: attachment; filename*=utf-8''%E2%82\n", b"From: <<>\n", b"?="),
        *(b"Subject: =?utf-8?b?####?=\n", b"Date: Mon, 99 Foo 21\n", b"References: <a> <b\n"),
        *(
            b"Content-Type: message/rfc822\n\n",
            b"X-Label: a\n",
            b"From a 10:15\n",
            b"=\xf0=3D",
            b"<p>",
        ),
    ]
)


@given(st.lists(st.one_of(fragments, st.binary(max_size=40)), max_size=12).map(b"".join))
def test_garbage_never_raises(raw: bytes) -> None:
    row = row_of(raw)

    assert isinstance(row["text"], str)
    assert isinstance(row["subject"], str)
    assert b"".join(one for _, one in mails_of(raw.splitlines(keepends=True))) is not None


def test_a_problem_in_a_folder_of_mails_names_the_files(tmp_path: Path) -> None:
    """Nobody can tell which file is the 38th."""
    for at in range(20):
        text = "It broke." if at % 2 else ""
        one = mail(at, "billing" if at % 3 else "shipping", text)
        if not at % 2:
            del one["Subject"]
        folder = tmp_path / ("b" if at < 2 else "a")
        folder.mkdir(exist_ok=True)
        (folder / f"{at:02}.eml").write_bytes(bytes(one))
    where = "('a/02.eml', 'a/04.eml', 'a/06.eml', 'a/08.eml', 'a/10.eml' and 5 more)"

    archive = read_archive(tmp_path, labels=["X-Label"])
    messages = read_messages(tmp_path)

    assert [str(one).endswith(f"{where}.") for one in archive.problem_counts] == [True]
    assert where in str(messages.problem_counts[0])


def test_a_problem_in_a_mailbox_names_the_line(tmp_path: Path) -> None:
    silent = mail(2, text="")
    del silent["Subject"]

    (found,) = read_messages(mbox(tmp_path, mail(1), silent)).problem_counts

    assert found.where == f"line {found.lines[0]}"
