"""The small print below a mail: disclaimers, and what lists and services add."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MOST_LINES: Final = 60  # of a paragraph

_MAIL: Final = (
    r"(?:e-?mails?|mail|messages?|communications?|transmissions?|correspondence|nachricht"
    r"|courriels?"
    r"|mensajes?|correos?(?: electrónicos?)?|mensage(?:m|ns)|messagg(?:io|i)|comunicazione"
    r"|bericht(?:en)?"
    r"|meddelande|besked|melding|e-post|viesti|wiadomość|zpráva|сообщение|письмо|повідомлення|邮件"
    r"|郵件|メール)"
)
_BEGINS: Final = re.compile(
    rf"\W{{0,6}}(?:(?:this|the present|diese|dieses|ce|cet|cette|este|esta|el presente"
    rf"|la presente|questo"
    rf"|questa|il presente|il contenuto|a presente|o presente|dit|deze|de inhoud|detta|denna"
    rf"|dette|denne"
    rf"|tämä|ta|niniejsza|tato|tento|данное|это|настоящее|це|本|此)\s?{_MAIL}"
    rf"|the (?:information|content|contents|e-?mail)\b.{{0,60}}{_MAIL}"
    r"|the information (?:contained|transmitted|in this)"
    r"|(?:if|should) you (?:are not|have received|received|receive|believe you)"
    r"|wenn sie nicht der|sollten sie (?:nicht|diese)|si vous n'êtes pas|si (?:usted )?(?:no es"
    r"|ha recibido)"
    r"|se (?:você|o senhor) |se (?:non è|ha ricevuto|avete ricevuto)|indien u (?:niet|deze|dit)"
    r"|confidential(?:ity)?(?: notice| note|:|\s*$)|disclaimer\b|legal (?:notice|disclaimer)"
    r"|privileged"
    r"|vertraulichkeit|haftungsausschluss|avis de confidentialité|aviso (?:legal|de confidencial)"
    r"|avviso di riservatezza|please consider the environment|think before you print"
    r"|save (?:a tree|paper)"
    r"|bitte denken sie an die umwelt|pensez à l'environnement|antes de imprimir"
    r"|le informazioni contenute|die(?:se)? (?:informationen|in dieser)|l'information contenue"
    r"|les informations contenues|la información contenida|as informações contidas)"
)
_LEGAL: Final = re.compile(
    r"confidential|privileged|intended (?:only |solely )?(?:recipient|addressee|for)"
    r"|intended recipient"
    r"|in error|unauthori[sz]ed|disclos|solely for|viruse?s|vertraulich|empfänger|irrtümlich"
    r"|confidentiel|destinataire|confidencial|destinatari|riservat|vertrouwelijk|geadresseerde"
    r"|konfidentiell|fortrolig|luottamuksel|poufn|důvěrn|конфиденциал|конфіденц|機密|机密|保密"
    r"|before printing|environment|umwelt|environnement|imprimir|stampare|print this"
)
_SERVICE: Final = re.compile(
    r"\W{0,6}(?:"
    r"(?:to|click here to|if you (?:want|wish|would like|prefer) to) (?:unsubscribe|stop receiving)"
    r"|to (?:respond|reply|view|answer|manage)\b.{0,60}(?:reply to this|this (?:e-?mail|message)"
    r"|visit"
    r"|click)|to unsubscribe\b|unsubscribe(?: here| from this list|:|\W*$)"
    r"|you (?:received|are receiving|receive|have received|got) this (?:e-?mail|message"
    r"|notification|mail)"
    r"|you(?:'re| are) receiving (?:this|these)|reply to this e-?mail (?:directly|to)"
    r"|this (?:e-?mail|message) (?:was|has been) (?:sent (?:to|by)|scanned|checked|generated"
    r"|analy[sz]ed)"
    r"|(?:virus-?free|scanned by|checked by avg|no virus found)\b|virenfrei\b"
    r"|diese e-?mail wurde (?:von|auf|an)\b.{0,80}(?:viren|geprüft|gesendet)"
    r"|(?:este|esta) (?:correo|mensaje|mensagem)\b.{0,60}(?:virus|vírus|analizado|verificad)"
    r"|(?:questo|il) messaggio (?:e'|è) stato (?:analizzato|verificato)"
    r"|l'absence de virus|cet? (?:e-?mail|courriel)\b.{0,60}(?:virus|vérifié)"
    r"|(?:um|zum) (?:sich )?(?:abzumelden|abmelden)|pour (?:vous )?(?:désabonner|désinscrire)"
    r"|para (?:darse de baja|cancelar (?:la|su|sua)|descadastrar)|per (?:annullare"
    r"|cancellare) l'iscrizione"
    r"|.{1,80} mailing list$|(?:do you yahoo|get your free|join the world's largest)\b)"
)


@dataclass(frozen=True, slots=True)
class Footer:
    """The line from which a paragraph is small print, None where it is none, and its top."""

    first: int | None
    top: int


def footer_above(lines: Sequence[str], start: int, end: int) -> Footer:
    """
    Find the small print in the last paragraph before `end`.

    A disclaimer begins as one at the start of a line, and speaks of the law or of the environment.
    """
    top = end
    while top > start and lines[top - 1] and end - top < _MOST_LINES:
        top -= 1
    paragraph = [line.lower() for line in lines[top:end]]
    for at, line in enumerate(paragraph):
        if _SERVICE.match(line):
            return Footer(top + at, top)
        if _BEGINS.match(line) and _LEGAL.search(" ".join(paragraph[at:])):
            return Footer(top + at, top)
    return Footer(None, top)
