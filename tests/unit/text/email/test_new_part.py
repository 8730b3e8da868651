"""Of a mail, what its writer wrote stays; nothing else does, and never nothing at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.email.new_part import NewPart

QUESTION = "Where is my parcel?\nIt left a week ago."

words = st.text(st.characters(exclude_categories=()), max_size=30)
pieces = st.sampled_from(
    [
        *(
            "> quoted",
            ">> twice",
            "AB> said",
            "| bar",
            ">",
            "-- ",
            "--",
            "-",
            "____",
            "=====",
            "```",
        ),
        *("On 3 May 2021 at 10:15, Anna Berg <anna@example.com> wrote:", "Anna wrote:", "wrote:"),
        *("> wrote:", "Am 03.05.2021 um 10:15 schrieb Anna:", "2021-05-03 10:15 GMT+02:00 Anna"),
        *("From: Anna <anna@example.com>", "Sent: Monday", "To: b@example.com", "Subject: Chair"),
        *("Message-ID: <1@example.com>", "Re: Chair", "Fwd: Chair", "Begin forwarded message:"),
        *("-----Original Message-----", "---------- Forwarded message ---------", "Hello,", ""),
        *("Sent from my iPhone", "Kind regards", "This e-mail is confidential.", "Thanks:"),
        *(
            "Please type your reply above this line",
            "Do not reply to this message.",
            "\u1427",
            "\r",
        ),
        *(
            "To unsubscribe, click here",
            "CAUTION: this came from outside",
            "a" * 400,
            ":",
            "\uff1a",
        ),
    ]
)
mails = st.lists(st.one_of(words, pieces), max_size=14).map("\n".join)
links = st.builds(
    NewPart, inline_quotes=st.booleans(), subject=st.booleans(), closings=st.booleans()
)


@given(links, mails)
def test_never_raises_and_twice_is_once(keep_new: NewPart, mail: str) -> None:
    once = keep_new(mail)

    assert keep_new(once) == once


@given(links, mails)
def test_only_lines_of_the_mail_come_out_and_never_none(keep_new: NewPart, mail: str) -> None:
    """The subject of the mail's own headers is the one thing that is not a whole line."""
    kept = keep_new(mail)
    lines = mail.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    subjects = {line.partition(":")[2].strip(" \t*_|>") for line in lines}
    assert {*kept.replace("\r", "\n").split("\n")} <= {*lines, *subjects}
    assert bool(kept.strip()) == bool(mail.strip())


@given(st.text(st.characters(exclude_characters="\r\n")))
def test_a_single_line_is_left_as_it_is(line: str) -> None:
    assert NewPart()(line) == line


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nmy card (no. 12) was charged twice:\n- on Monday\n- on Friday\n\nThanks!\n",
        "I want to go\nFrom: Berlin\nTo: Paris\nDate: 3 May 2021\n\nIs that possible?",
        "Name: Anna\nEmail: anna@example.com\nTime: 10:15\n\nThe lamp is broken.",
        "On Monday I wrote:\nplease call me. Nobody did.",
        "The log says:\n> ERROR 17\n> disk full",
        "Why 5 > 3?\n\n>:( it does not work",
        "```\nFrom: a@x.org\nTo: b@x.org\nSubject: x\n```\nThis mail was never sent.",
        "   \n\nIt broke.\n\n\n",
        "Ticket: 123\nFrom: Anna\nTo: Desk\nSubject: printer\nBody: it is broken",
        "I got this:\n\nFrom: Bank <a@b.example>\nSubject: Urgent\n\nClick here!\n\nIs it real?",
        "I paid twice.\n\nSent by mistake, please cancel.",
        "Hello,\n\nunsubscribe",
        "Hello,\n\nPlease take me off your mailing list",
        "Hello,\n\nIf you have received my payment in error, please send it back.",
        "Hello,\n\nThis e-mail of yours says that my number was disclosed.",
        "Important: my outside light is broken.\nWhen can somebody come?",
        "An automated message told me to wait.\nI have waited.",
        "Hello,\n\nPlease do not answer with the same words again.",
        "Hello,\n\nTo view my bill I have to click three times.",
        "On 3 May at 10:15 your agent wrote:\nyou get it back\nI got nothing.",
        "Gracias.\n\nEnviado por error, cancelen el pago.",
    ],
)
def test_what_is_no_mail_comes_out_byte_for_byte(text: str) -> None:
    assert NewPart()(text) == text


@pytest.mark.parametrize(
    "below",
    [
        "On Mon, 3 May 2021 at 10:15, Help <help@example.com> wrote:\n> Hello.",
        "On Mon, 3 May 2021 at 10:15, The Help Desk of Example <\nhelp@x.org> wrote:\n\nHello.",
        "Le lun. 3 mai 2021 à 10:15, Aide <aide@example.com> a écrit :\n> Bonjour.",
        "Am 03.05.2021 um 10:15 schrieb Hilfe:\n> Hallo.",
        "Hilfe <hilfe@example.com> schrieb am Mo., 3. Mai 2021, 10:15:\nHallo.",
        "El lun, 3 may 2021 a las 10:15, Ayuda (<ayuda@example.com>) escribió:\n> Hola.",
        "Em seg., 3 de mai. de 2021 às 10:15, Ajuda <ajuda@example.com> escreveu:\n> Olá.",
        "Il giorno lun 3 mag 2021 alle ore 10:15 Aiuto <aiuto@x.org> ha scritto:\n> Ciao.",
        "Op ma 3 mei 2021 om 10:15 schreef Hulp <hulp@example.com>:\n> Hallo.",
        "Den mån 3 maj 2021 kl 10:15 skrev Hjälp <hjalp@example.com>:\n> Hej.",
        "ma 3. toukok. 2021 klo 10.15 Apu (apu@example.com) kirjoitti:\n> Hei.",
        "pon., 3 maj 2021 o 10:15 Pomoc <pomoc@example.com> napisał(a):\n> Dzień dobry.",
        "po 3. 5. 2021 v 10:15 odesílatel Pomoc <pomoc@example.com> napsal:\n> Dobrý den.",
        "пн, 3 мая 2021 г. в 10:15, Помощь <help@example.com>:\n> Здравствуйте.",
        "3 мая 2021 г., в 10:15, Помощь <help@example.com> написал(а):\n> Здравствуйте.",
        "3 Mayıs 2021 Pzt 10:15 tarihinde Yardım <yardim@example.com> şunu yazdı:\n> Merhaba.",
        "Help <help@example.com> ezt írta (időpont: 2021. máj. 3., H, 10:15):\n> Üdv.",
        "2021年5月3日(月) 10:15 Help <help@example.com>:\n> こんにちは。",
        "Help <help@example.com> 于2021年5月3日周一 10:15写道：\n> 你好。",
        "2021년 5월 3일 (월) 오전 10:15, Help <help@example.com>님이 작성:\n> 안녕하세요.",
        "ב-יום ב׳, 3 במאי 2021 ב-10:15 מאת Help <help@example.com>:\n> שלום.",
        "---- On Mon, 03 May 2021 10:15:00 +0200 Help <help@example.com> wrote ----\n\nHello.",
        "-----Original Message-----\nHello.",
        "-------- Weitergeleitete Nachricht --------\nVon: Hilfe\n\nHallo.",
        "____________________________\nFrom: Help\nSent: Monday\nTo: A\nSubject: Parcel\n\nHello.",
        "Von: Hilfe <hilfe@x.org>\nGesendet: Montag\nAn: A\nBetreff: Paket\n\nHallo.",
        "De : Aide <aide@x.org>\nEnvoyé : lundi\nÀ : A\nObjet : Colis\n\nBonjour.",
        "Da: Aiuto <aiuto@x.org>\nInviato: lunedì 3 maggio\nA: Anna\nOggetto: Pacco\n\nCiao.",
        "发件人: Help <help@example.com>\n发送时间: 5月3日\n收件人: A\n主题: 包裹\n\n你好。",
        "差出人: Help <help@example.com>\n送信日時: 5月3日\n宛先: A\n件名: 荷物\n\nこんにちは。",
        "От: Help <help@x.org>\nОтправлено: 3 мая 2021\nКому: Anna\nТема: Посылка\n\nПривет.",
        "*From:* Help\n*Sent:* Monday\n*To:* Anna\n*Subject:* Parcel\n\nHello.",
        "Begin forwarded message:\n\nFrom: Help\nSubject: Parcel\n\nHello.",
        "##- Please type your reply above this line -##\n\nYour ticket was answered.",
        "> On 3 May 2021, at 10:15, Help wrote:\n>\n> Hello.",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPad",
        "Enviado desde mi teléfono",
        "iPhoneから送信",
        "-- \nAnna Berg\n+49 30 123456",
        "This e-mail is confidential. If you are not its intended recipient,\nplease delete it.",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "_______________________________________________\nParcels mailing list\nparcels@x.org",
    ],
)
def test_what_stands_below_goes(below: str) -> None:
    assert NewPart()(f"{QUESTION}\n\n{below}\n").strip() == QUESTION


@pytest.mark.parametrize(
    "above",
    [
        "On Mon, 3 May 2021 at 10:15, Help <help@x.org> wrote:\n> What is it?\n> Tell us.\n\n",
        "---------- Forwarded message ---------\nFrom: Anna\nDate: Mon, 3 May\nSubject: Parcel\n\n",
        "CAUTION: This e-mail came from outside of the organisation.\n\n",
        "This is an automated message, please do not reply.\n\n",
        "Sent from my iPhone\n\nBegin forwarded message:\n\nFrom: Anna\nSubject: Parcel\n\n",
    ],
)
def test_what_stands_above_goes(above: str) -> None:
    assert NewPart()(above + QUESTION) == QUESTION


def test_headers_as_they_lie_in_a_mailbox_leave_their_subject() -> None:
    mail = f"From: a@example.com\nSubject: Parcel\nMessage-ID: <1@example.com>\n\n{QUESTION}"

    assert NewPart()(mail) == f"Parcel\n{QUESTION}"
    assert NewPart(subject=False)(mail) == QUESTION


def test_so_do_headers_of_a_mail_that_was_sent_on_without_a_word() -> None:
    mail = f"Von: Anna <a@b.example>\nGesendet: Montag\nAn: C\nBetreff: Paket\n\n{QUESTION}"

    assert NewPart()(mail) == f"Paket\n{QUESTION}"
    assert NewPart()(f"WG: Paket\n{mail}") == f"WG: Paket\n{QUESTION}"


def test_a_subject_above_them_is_not_said_twice() -> None:
    mail = f"Parcel\nFrom: a@example.com\nSubject: Re: Parcel\nLines: 2\n\n{QUESTION}"

    assert NewPart()(mail) == f"Parcel\n{QUESTION}"


def test_answers_between_quotations_stay_with_them() -> None:
    mail = "Hello,\n\n> When?\n\nOn Monday.\n\n> Where?\n\nAt home."

    assert NewPart()(mail) == mail
    answers = NewPart(inline_quotes=False)(mail)
    assert answers.split() == ["Hello,", "On", "Monday.", "At", "home."]


def test_a_quotation_that_nobody_introduces_is_what_the_writer_speaks_of() -> None:
    mail = "> Is it blue?\n\nYes, it is."

    assert NewPart()(mail) == mail


@pytest.mark.parametrize(
    "mail",
    [
        "> Hello.\n> How are you?",
        "On Mon, 3 May 2021 at 10:15, Help <help@example.com> wrote:\n> Hello.",
        "Fwd: Chair\n\n> It broke.",
        "-- \nAnna Berg",
        "Sent from my iPhone\n",
        "From: a@example.com\nSubject: Chair\nMessage-ID: <1@example.com>\n",
    ],
)
def test_a_mail_that_is_nothing_else_stays_whole(mail: str) -> None:
    assert NewPart()(mail) == mail


def test_a_closing_stays_unless_asked_for() -> None:
    mail = f"{QUESTION}\n\nMit freundlichen Grüßen\nAnna Berg"

    assert NewPart()(mail) == mail
    assert NewPart(closings=True)(mail).strip() == QUESTION


def test_an_option_that_is_no_truth_is_a_problem() -> None:
    assert "closings" in NewPart(closings="yes").problems()[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "line",
    [
        *("a:\n", "\n", "> a\n", "--\n", "-\n", "a\n--\n", "_____\n", "```\n", "\r", "> wrote:\n"),
        *("On 3 May 2021 10:15, a <a@b.example> wrote:\n", "2021-05-03 10:15 GMT+01:00 a\n"),
        *("From: a@b.example\n", "From: a@b.example\nTo: x\nSubject: y\n\nhi\n\n", "AB> x\n"),
        *("Sent from my iPhone\n", "This e-mail is confidential\n\n", "To unsubscribe, click\n\n"),
        *("1 2 3 4 5:\n", "a: ", "> ", "wrote ", "a@b ", "x" * 390 + ":\n", "- * _ = " * 20 + "\n"),
        *(
            "this message was my my my " * 7 + "\n",
            " " * 199 + "x\n",
            "Regards\n",
            "|a\n",
            "x-a: b\n",
        ),
    ],
)
def test_the_time_is_in_proportion_to_the_text(line: str) -> None:
    """What the first windows leave, built to cost the most, takes less than two seconds."""
    mail = line * (300_000 // len(line))
    started = time.process_time()

    NewPart(closings=True)(mail)

    assert time.process_time() - started < 2.0  # four times that of the slowest, on a busy machine


def test_a_megabyte_of_mail_takes_less_than_a_second() -> None:
    one = "The parcel that you sent to me on 3 May at 10:15 has not come yet: where is it?\n"
    thread = "On 3 May 2021 at 10:15, Anna <anna@example.com> wrote:\n> Hello,\n> it is here.\n\n"
    mail = (one * 20 + "\n" + thread * 3) * 560
    started = time.process_time()

    NewPart()(mail)

    assert len(mail) > 1_000_000
    assert time.process_time() - started < 1.0
