"""Lines that a machine puts above or below a mail: who sent it, and that nobody reads answers."""

import re
from typing import Final

_LONGEST: Final = 300  # characters

_BANNER: Final = re.compile(
    r"\W{0,40}(?:"
    # that a machine wrote it
    r"(?:note:? )?this is an? (?:automat(?:ed|ic)|auto-?generated"
    r"|automatically generated)"
    r" (?:e-?mail|mail|message|notification|reply|response|answer)\b.{0,200}"
    r"|(?:automatic(?:ally generated)?|automated|auto(?:matic)?)[ -]?(?:reply|response"
    r"|answer)\b[:!.\W]*"
    r"|this (?:e-?mail|message) (?:was|has been|is) (?:sent |generated )?automatic.{0,150}"
    r"|(?:dies|das|hierbei handelt es sich um"
    r"|es handelt sich um) ?(?:ist )?eine? automatisch.{0,150}"
    r"|diese (?:e-?mail|nachricht) wurde automatisch.{0,150}|automatische antwort\b[:!.\W]*"
    r"|ceci est un (?:message|e-?mail|courriel) automatique.{0,150}|réponse automatique\b[:!.\W]*"
    r"|ce (?:message|courriel|mail) (?:a été|est) (?:généré|envoyé) automatiquement.{0,150}"
    r"|este es un (?:mensaje|correo)(?: electrónico)? (?:generado )?autom[áa]tic.{0,150}"
    r"|respuesta automática\b[:!.\W]*|esta é uma mensagem automática.{0,150}"
    r"|resposta automática\b[:!.\W]*"
    r"|(?:questo|questa) è una? (?:messaggio|e-?mail|risposta) automatic.{0,150}"
    r"|risposta automatica\b[:!.\W]*|dit is een automatisch.{0,150}|automatisch antwoord\b[:!.\W]*"
    r"|autosvar\b[:!.\W]*|automatiskt? svar\b[:!.\W]*|автоответ\b[:!.\W]*"
    r"|odpowiedź automatyczna\b[:!.\W]*"
    # that nobody reads an answer
    r"|(?:please )?do(?: not|n't) (?:reply|respond)(?: directly)?(?: to (?:this|the) (?:e-?mail"
    r"|message|mail"
    r"|address|mailbox|notification)\b.{0,150})?\W*"
    r"|(?:please )?no-?reply\W*"
    r"|(?:bitte )?antworten sie (?:bitte )?nicht auf diese.{0,150}|bitte nicht (?:auf diese"
    r"|antworten).{0,150}"
    r"|(?:merci de |veuillez |prière de )?ne pas répondre à c.{0,150}"
    r"|(?:por favor,? )?no responda? a (?:este|esta).{0,150}|(?:por favor,? )?não responda.{0,150}"
    r"|(?:si prega di )?non rispondere a quest.{0,150}|(?:gelieve )?niet (?:te )?(?:antwoorden"
    r"|beantwoorden)"
    r" op.{0,150}"
    # that it came from outside
    r"|(?:caution|warning|attention|notice|important|achtung|vorsicht|avertissement|attenzione"
    r"|atención)"
    r"\W{1,6}(?=.{0,150}\b(?:e-?mails?|sender|message|nachricht|absender|courriel|expéditeur"
    r"|mittente"
    r"|correo|remitente|mensaje)\b).{0,60}"
    r"\b(?:external|outside|extern\w*|außerhalb|extérieur|esterno|fuera)\b.{0,220}"
    r"|\[?external(?: e-?mail| sender| message)?\]?(?:\W.{0,40}(?:links?|sender|caution).{0,150})?"
    r"|(?:this|the) (?:e-?mail|message|sender)\b.{0,20}\b(?:originated|came|comes"
    r"|is) from (?:an? )?"
    r"(?:external|outside).{0,200}"
    r"|you don't often get e-?mail from .{0,200}"
    r"|some people who received this message don't often.{0,200}"
    r"|sie (?:erhalten|bekommen) nicht (?:oft|häufig) e-?mails? von .{0,200}"
    r"|(?:do not|don't) click (?:on )?(?:any )?links? .{0,100}\b(?:unless|sender"
    r"|attachments)\b.{0,150}"
    r")\s*"
)


def is_banner(line: str) -> bool:
    """Tell whether a stripped line, the first or the last of a mail, was put there by a machine."""
    return len(line) <= _LONGEST and _BANNER.fullmatch(line.lower()) is not None
