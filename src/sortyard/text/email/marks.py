"""The line above a whole mail that was sent on, or is answered: `-----Original Message-----`."""

import re
from collections.abc import Sequence
from typing import Final

from sortyard.text.email.headers import role_of
from sortyard.text.email.intros import introduces

_LONGEST: Final = 250  # characters
_NEAR: Final = 3  # lines below a mark, in which headers begin

# Between dashes, or alone on its line. Most programs write one of these.
_WORDS: Final = re.compile(
    r"(?:original|forwarded|redirected|reply|quoted)\s?-?\s?(?:message|mail|e-mail|email|text)"
    r"|mail message from .+|message from .+"
    r"|(?:urspr[üu]e?ngliche|original|weitergeleitete)\s?-?\s?(?:nachricht|e-?mail|mail)"
    r"|originalnachricht|originalmail|message (?:d'origine|original|transf[ée]r[ée]"
    r"|r[ée]exp[ée]di[ée])"
    r"|(?:e-?mail|courriel) (?:original|transf[ée]r[ée])|messaggio (?:originale|inoltrato"
    r"|originario)"
    r"|mensaje (?:original|reenviado)|mensagem (?:original|encaminhada|reencaminhada)"
    r"|missatge (?:original|reenviat)|(?:oorspronkelijk|doorgestuurd|origineel"
    r"|doorgezonden) bericht"
    r"|(?:ursprungligt|vidarebefordrat) (?:meddelande|mail)|ursprungligt e-postmeddelande"
    r"|(?:opprinnelig|oprindelig|original|videresendt?e?) (?:melding|meddelelse|besked|e-post|mail)"
    r"|alkuperäinen viesti|(?:edelleenlähetetty|välitetty) viesti"
    r"|wiadomość oryginalna|oryginalna wiadomość|(?:treść )?przekazan[ae]j? wiadomość?i?"
    r"|wiadomość przekazana|původní (?:zpráva|e-mail)|přeposlaná zpráva|pôvodná správa"
    r"|preposlaná správa|исходное сообщение|оригинальное сообщение|пересылаемое (?:сообщение"
    r"|письмо)"
    r"|пересланное (?:сообщение|письмо)|(?:переслане|оригінальне|вихідне) повідомлення"
    r"|(?:препратено|оригинално) съобщение|eredeti üzenet|továbbított (?:üzenet|levél)"
    r"|mesaj (?:original|redirecționat)|mesajul original|(?:orijinal|özgün|iletilen|yönlendirilen)"
    r" (?:mesaj|ileti|e-posta)|iletilmiş mesaj|αρχικό μήνυμα|προωθημένο μήνυμα"
    r"|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة (?:معاد توجيهها|محولة)"
    r"|原始邮件|原始郵件|原邮件|转发的?邮件(?:信息)?|轉寄的?郵件|轉寄郵件|转发的消息"
    r"|元のメッセージ|転送メッセージ"
    r"|転送されたメッセージ|원본 메시지|전달된 메시지|thư gốc|tin nhắn (?:gốc|được chuyển tiếp)"
    r"|pesan (?:asli|yang diteruskan)|izvorna poruka|proslijeđena poruka|originalno sporočilo"
)
_BEGINNING: Final = re.compile(  # what Apple's programs write, without any dash
    r"(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])|inizio messaggio inoltrato"
    r"|inicio del mensaje reenviado|in[íi]cio da mensagem (?:re)?encaminhada"
    r"|begin doorgestuurd bericht|vidarebefordrat brev|start p[åa] videresendt (?:melding|besked)"
    r"|videresendt (?:melding|besked)|v[äa]litetty viesti alkaa|początek przekazywanej wiadomości"
    r"|za[čc][áa]tek přeposílané zprávy|начало (?:переадресованного|пересылаемого) сообщения"
    r"|転送されたメッセージ|下面是被转发的邮件|以下是轉寄的郵件|전달된 메시지"
    r"|iletilen ileti başlangıcı)\s?[:：]"
)
_DASHES: Final = "-_=*~\u2013\u2014"
_LINES: Final = (
    " line",
    "linie",
    "zeile",
    "ligne",
    "línea",
    "linha",
    " riga",
    " linea",
    " lijn",
    "regel",
)
_DRAWN: Final = re.compile(
    r"[-_=*~\u2013\u2014]{2,}\s?(?P<words>[^-_=*~].*?)\s?[-_=*~\u2013\u2014]{2,}[ :]*"
)
_ABOVE: Final = re.compile(  # what help desks put above the thread
    r"\W{0,30}(?:please )?(?:(?:type|write|enter|add|put) (?:your )?(?:reply|response|comment"
    r"|answer)s?"
    r"|repl(?:y|ies)|respond)(?: only)? (?:above|over) (?:this|the) (?:dotted "
    r"|dashed )?line\W{0,30}"
    r"|\W{0,30}(?:bitte )?(?:antworten sie |schreiben sie ihre antwort "
    r"|antwort(?:en)? )?(?:bitte )?"
    r"(?:oberhalb|über) (?:von )?diese[rn]? (?:linie|zeile)(?: antworten| schreiben"
    r"| eingeben)?\W{0,30}"
    r"|\W{0,30}(?:veuillez )?(?:répond(?:ez|re)|écrire votre réponse|saisir votre réponse)"
    r" au-dessus de cette ligne\W{0,30}"
    r"|\W{0,30}(?:por favor,? )?(?:escriba|responda"
    r"|introduzca)(?: su respuesta)? por encima de esta"
    r" línea\W{0,30}|\W{0,30}(?:por favor,? )?(?:responda|escreva|digite)(?: a sua"
    r"| sua)?(?: resposta)?"
    r" acima desta linha\W{0,30}|\W{0,30}(?:si prega di )?(?:rispondere|rispondi|scrivi)(?: la"
    r" risposta)? (?:sopra|al di sopra di) questa (?:riga|linea)\W{0,30}"
    r"|\W{0,30}(?:gelieve )?(?:typ|plaats|schrijf)? ?(?:uw |je )?(?:antwoord|reactie|reageer) boven"
    r" deze (?:lijn|regel)\W{0,30}"
)


def is_mark(lines: Sequence[str], at: int) -> bool:
    """
    Tell whether a whole mail begins below this line.

    Words between dashes that no list has are a mark as well, where headers follow.
    """
    line = lines[at]
    if len(line) > _LONGEST:
        return False
    if line[0] in _DASHES:
        drawn = _DRAWN.fullmatch(line)
        if drawn:
            words = drawn["words"].strip(" :").lower()
            is_known = _WORDS.fullmatch(words) is not None or introduces(words)
            return is_known or _headers_follow(lines, at)
    if line.endswith((":", "\uff1a")) and _BEGINNING.fullmatch(line.lstrip("- ").lower()):
        return True
    lower = line.lower()
    return any(word in lower for word in _LINES) and _ABOVE.fullmatch(lower) is not None


def _headers_follow(lines: Sequence[str], at: int) -> bool:
    below = [line for line in lines[at + 1 : at + 2 + _NEAR] if line][:2]
    return len(below) == 2 and all(map(role_of, below))  # noqa: PLR2004 -- one may be chance
