"""Signatures: what follows `--`, and what a device adds, such as `Sent from my iPhone`."""

import re
from collections.abc import Sequence
from typing import Final

_MOST_LINES: Final = 15  # below `--`, that are not empty
_MOST_BELOW_OTHERS: Final = 4  # below what may also part one thing from another
_MOST_CHARACTERS: Final = 1_500
_LONGEST_DEVICE: Final = 200
_SURE: Final = frozenset({"--", "\u2014", "\u2013"})

_DEVICE: Final = (
    r"i-?phone|i-?pad|i-?pod|ios|android|galaxy|samsung|blackberry|nokia|htc|huawei|xiaomi|oneplus"
    r"|motorola|pixel|windows phone|smart-?phone|mobil\w*|handy|phone|cell|tablet|watch|téléphone"
    r"|portable|telefon\w*|teléfono|móvil|telemóvel|celular|cellulare|puhelime\w+|телефон\w*"
)
_MAIL: Final = (
    "nachricht|e-?mail|mail|message|mensaje|mensagem|messaggio|bericht|meddelande|besked|viesti"
    "|wiadomość|zpráva|сообщение|письмо"
)
# What a device's line speaks of; "sent by mistake" speaks of none of it.
_OWN: Final = re.compile(
    rf"(?<![^\W\d_])(?:{_DEVICE}|outlook|gmail|yahoo|(?:\w{{0,12}}-?)?mail|inbox|proton|thunderbird"
    r"|(?:my|mein\w*|mon|ma|mes|mio|mia|mi|meu|minha|mijn|min|mitt|moj\w*|mého|мо\w+|app"
    r"|a pc)(?!\w))"
    r"|手机|手機|我的|내 |나의 |스마트폰|スマートフォン|携帯"
)
# All of these are held against lines in small letters.
_SENT: Final = re.compile(
    r"\W{0,4}(?:"
    r"sent (?:from|via|with|by|using)\b.{1,120}"
    r"|(?:envoyée?|expédiée?) (?:de(?:puis)?|avec|à partir|via|par)\b.{1,120}"
    r"|(?:gesendet|verschickt|geschickt) (?:von|mit|über|via|aus)\b.{1,120}"
    r"|von mein\w+ .{1,80} (?:gesendet|geschickt|verschickt)"
    rf"|(?:diese|this|ce|cette|este|esta|questo|questa|dit|dette|det här|ez az) (?:{_MAIL})"
    r" (?:wurde|was|a été|ha sido|fue|foi|è stato|is|blev|har|skickades)\b.{1,60}"
    r"(?:gesendet|verschickt|geschickt|sent|envoyé|enviado|enviada|inviato|verzonden|sendt|skickat)"
    r"(?: (?:from|by|with|via|using|depuis|desde|con|com|da|met|vanaf)\b.{1,80})?"
    r"|(?:verzonden|verstuurd|gestuurd) (?:met|vanaf|via|vanuit|van)\b.{1,120}"
    r"|(?:enviado|enviada|enviat) (?:desde|des|do|da|de|a partir|a través|con|com|mediante|pelo"
    r"|via)"
    r"\b.{1,120}"
    r"|(?:inviato|spedito) (?:da|dal|con|tramite|dallo|dalla)\b.{1,120}"
    r"|skickat från .{1,120}|sendt (?:fra|med|via)\b.{1,120}"
    r"|lähetetty .{1,120}|wysłan[eoy] (?:z|ze|za pomocą|przez)\b.{1,120}"
    r"|odesl[áa]no (?:z|ze|pomocí)\b.{1,120}|odoslané (?:z|zo|pomocou)\b.{1,120}"
    r"|отправлено (?:с|со|из|через|от)\b.{1,120}"
    r"|(?:надіслано|відправлено) (?:з|із|зі|через)\b.{1,120}"
    r"|изпратено от .{1,120}|(?:el)?küldve .{1,120}|trimis (?:de pe|din|de la|cu)\b.{1,120}"
    r"|στάλθηκε από .{1,120}|poslano (?:z|s|iz|sa)\b.{1,120}"
    r"|(?:发自|發自|来自)我的.{1,60}|從我的.{1,60}傳送|나의 .{1,60}보냄|내 .{1,60}보냄"
    r"|נשלח מ.{1,60}|أرسلت? من .{1,60}|تم الإرسال من .{1,60}"
    r"|gửi từ .{1,60}|dikirim dari .{1,60}|ส่งจาก.{1,60}"
    r"|(?:get|download|téléchargez|télécharger|obtenir|obtener|obtenha|obter|scarica|hämta|hent"
    r"|holen sie sich|laden sie|pobierz|získat|скачать|получить)"
    r" \W{0,2}(?:outlook|gmail|yahoo|the mail app)\b.{0,120}"
    rf"|from my (?:{_DEVICE})\b.{{0,60}}"
    r")\W{0,4}"
)
_WITHOUT_MAIL: Final = re.compile(rf"\W{{0,4}}\w+(?: här| az)? (?:{_MAIL}) ")  # "this mail was"
# Languages in which the verb comes last.
_SENT_LAST: Final = (
    "から送信",
    "より送信",
    "에서 보냄",
    "dan gönderildi",
    "den gönderildi",
    "tan gönderildi",
)
_SOMEONE: Final = re.compile(
    rf"[A-Z]\w{{1,20}} from (?i:(?:my |a |his |her )?(?:{_DEVICE}))", re.ASCII
)
_TRACKER: Final = "\u1427"  # a Canadian syllable, by which it is watched who opens a mail


def is_device_line(line: str, above: str) -> bool:
    """Tell whether a stripped line is what a device adds; `above` is the line above it."""
    if len(line) > _LONGEST_DEVICE:
        return False
    lower = line.lower()
    if _SENT.fullmatch(lower) or lower.endswith(_SENT_LAST):
        return _OWN.search(_WITHOUT_MAIL.sub("", lower)) is not None
    if line == _TRACKER:
        return True
    if " from " not in line or not _SOMEONE.fullmatch(line):
        return False
    return not above or is_device_line(above, "")


def signature_above(lines: Sequence[str], start: int, end: int) -> int | None:
    """Find the `--` from which everything up to `end` is a signature."""
    filled = characters = 0
    for at in range(end - 1, start - 1, -1):
        line = lines[at]
        if line in _SURE or (filled <= _MOST_BELOW_OTHERS and _is_weak(line)):
            return at
        filled += bool(line)
        characters += len(line)
        if filled > _MOST_LINES or characters > _MOST_CHARACTERS or line.startswith(">"):
            return None
    return None


def _is_weak(line: str) -> bool:
    """Tell whether a line is a single dash, or drawn with underscores."""
    return line == "-" or (len(line) > 1 and not line.strip("_"))
