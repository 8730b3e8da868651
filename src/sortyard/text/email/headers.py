"""Blocks of headers inside of a text: `From:`, `Sent:`, `To:`, `Subject:` in many languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Final


class Role(IntFlag):
    """What headers say."""

    FROM = 1
    SENT = 2  # a word that only mail has, unlike `Date`
    DATE = 4
    TO = 8
    COPY = 16
    SUBJECT = 32
    OTHER = 64


_WORDS: Final[Mapping[Role, str]] = {
    Role.FROM: "from|von|de|da|van|från|fra|frá|lähettäjä|od|от|від|ад|feladó|de la|expéditeur"
    "|emisor"
    "|remitente|remetente|mittente|afzender|absender|kimden|gönderen|από|מאת|من|从|从|发件人"
    "|寄件者|寄件人"
    "|發件人|差出人|送信者|보낸 사람|보낸사람|từ|dari|จาก|kirjoittaja|nuo|no|saatja|pošiljatelj"
    "|desde",
    Role.SENT: "sent|gesendet|gesendet am|envoyé|envoyé le|enviado|enviado el|enviada em|enviado em"
    "|enviada|inviato|inviato il|verzonden|verstuurd|skickat|sendt|lähetetty|wysłano|wysłane"
    "|odesláno"
    "|odoslané|отправлено|відправлено|надіслано|изпратено|адпраўлена|elküldve|küldve|küldés ideje"
    "|trimis|gönderildi|gönderilme|gönderme tarihi|gönderim|στάλθηκε|εστάλη|נשלח|تاريخ الإرسال"
    "|أرسلت"
    "|发送时间|發送時間|发送日期|寄件日期|傳送時間|傳送日期|送信日時|보낸 날짜|보낸날짜|đã gửi"
    "|dikirim|enviat"
    "|poslano|išsiųsta|nosūtīts|saadetud|lähetysaika",
    Role.DATE: "date|datum|data|dato|fecha|päiväys|päivämäärä|pvm|дата|dátum|dată|tarih|ημερομηνία"
    "|תאריך|التاريخ|日期|时间|時間|日時|日付|날짜|ngày|tanggal|วันที่|kuupäev|datums|time|risposta",
    Role.TO: "to|an|à|a|ao|aan|till|til|para|vastaanottaja|do|dla|komu|pro|кому|до|címzett|către"
    "|kime"
    "|alıcı|προς|אל|إلى|收件人|收件者|宛先|받는 사람|받는사람|đến|tới|kepada|ถึง|destinatario"
    "|destinataire"
    "|destinatário|empfänger|ontvanger|za|kam|saaja|i|per",
    Role.COPY: "cc|bcc|cci|cco|kopie|kopia|kopi|copie|copia|cópia|dw|udw|копия|копія|másolatot kap"
    "|kopio|bilgi|κοιν|kοινοποίηση|עותק|نسخة|抄送|副本|參照|참조|tembusan|ck|skrytá kopie|kp",
    Role.SUBJECT: "subject|re|betreff|objet|oggetto|onderwerp|ämne|emne|efni|asunto|assunto|aihe"
    "|temat|předmět|předmet|predmet|тема|предмет|относно|tárgy|subiect|konu|θέμα|נושא|الموضوع|主题"
    "|主題|主旨|件名|제목|chủ đề|tiêu đề|perihal|subjek|เรื่อง|teema|tēma|tema|assumpte",
    Role.OTHER: "reply-to|antwort an|antworten an|répondre à|responder a|rispondi a|antwoord aan"
    "|svara till"
    "|svar til|odpowiedz do|ответить|importance|priority|wichtigkeit|priorität|importancia"
    "|prioridad"
    "|attachments|attachment|anlagen|anhänge|pièces jointes|allegati|anexos|adjuntos|bijlagen"
    "|bilagor"
    "|newsgroups|organization|organisation|message-id|sender|return-path|delivered-to|resent-from"
    "|importanza|priorità|importância|prioridade|importance|urgent|sensitivity|mailed-by|signed-by",
}
_ROLES: Final = {word: int(role) for role, words in _WORDS.items() for word in words.split("|")}
_LONGEST_WORD: Final = max(map(len, _ROLES))
_MARKUP: Final = " \t*_|>"
_ADDRESS: Final = re.compile(r"[^\s<>@,;:]@[^\s<>@,;]")
_MOST_FOLDED: Final = 3  # lines of one header, below its first
_MOST: Final = 60  # lines of a block
_MOST_OWN: Final = 500  # lines of a mail's own headers
_SUBJECT: Final = int(Role.SUBJECT)
_PEOPLE: Final = int(Role.FROM | Role.TO)

# A name as the standard for messages has it (RFC 5322, 2.2), and names that only machines write.
_FIELD: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}:(?:\s|$)")
_FIRST_LINE: Final = re.compile(r">?From \S+ .*\d{2}:\d{2}")  # of a message in a mailbox
_MACHINE: Final = re.compile(
    r"(?:message-id|received|return-path|mime-version|content-type|delivered-to|references"
    r"|in-reply-to|newsgroups|path|lines|organization|nntp-posting-host|reply-to|x-[a-z0-9-]+"
    r"|dkim-signature|authentication-results|envelope-to|list-[a-z]+):",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The lines from `first` up to `after`, which have headers, and the subject that they say."""

    first: int
    after: int
    subject: str = ""
    is_mail: bool = True


def role_of(line: str) -> int:
    """Tell the `Role` of a stripped line that begins with a header's name and a colon; or 0."""
    if ":" not in line and "\uff1a" not in line:
        return 0
    head, colon, _ = line[: _LONGEST_WORD + 8].replace("\uff1a", ":").partition(":")
    return _ROLES.get(head.strip(_MARKUP).casefold(), 0) if colon else 0


def headers_at(lines: Sequence[str], at: int, *, marked: bool = False) -> Headers:
    """
    Read the headers that begin on this line.

    A form, or a journey, also has a `From:` and a `To:`. So it `is_mail` only with an address, a
    word that only mail has, or a line above that is drawn or says what follows (`marked`).
    """
    roles = 0
    senders = subject = ""
    place, after = at, at
    while place < min(len(lines), at + _MOST):
        role = role_of(lines[place])
        if not role:
            following = _next_header(lines, place)
            if following is None:
                break
            place = following
            continue
        value = _value(lines[place])
        if role & _PEOPLE:
            senders += f" {value}"
        if role == _SUBJECT:
            subject = subject or value
        roles |= role
        place = after = place + 1
    is_mail = _is_mail(roles, has_address=bool(_ADDRESS.search(senders)), marked=marked)
    return Headers(at, after, subject, is_mail)


def _next_header(lines: Sequence[str], at: int) -> int | None:
    """Look past the folded lines of one header, or one empty line, for the next header."""
    limit = 2 if not lines[at] else 1 + _MOST_FOLDED
    for place in range(at + 1, min(len(lines), at + limit)):
        if not lines[place]:
            return None
        if role_of(lines[place]):
            return place
    return None


def _is_mail(roles: int, *, has_address: bool, marked: bool) -> bool:
    if not roles & Role.FROM:
        return marked and bool(roles & Role.SUBJECT and roles & Role.TO)
    told = bool(roles & (Role.SUBJECT | Role.SENT | Role.DATE))
    if marked or has_address:
        return told
    return roles.bit_count() > 2 and bool(roles & (Role.SUBJECT | Role.SENT))  # noqa: PLR2004 -- a form has two


def own_headers(lines: Sequence[str], at: int) -> Headers | None:
    """Read headers as they lie in a mailbox, down to the empty line below them."""
    place = at + 1 if at < len(lines) and _FIRST_LINE.match(lines[at]) else at
    started, fields, machines, subject = place, 0, 0, ""
    roles = 0
    while place < len(lines) and lines[place]:
        line = lines[place]
        if _FIELD.match(line):
            fields += 1
            machines += bool(_MACHINE.match(line))
            role = role_of(line)
            roles |= role
            if role == _SUBJECT:
                subject = subject or _value(line)
        elif place == started:
            return None
        place += 1
        if place - started > _MOST_OWN:
            return None
    if not machines or not roles & (Role.FROM | Role.SUBJECT) or 2 * fields < place - started:
        return None
    return Headers(at, place, subject)


def _value(line: str) -> str:
    return line.replace("\uff1a", ":").partition(":")[2].strip(_MARKUP)
