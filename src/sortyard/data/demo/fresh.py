"""A handful of messages that no template has written, to try a release on."""

from collections.abc import Mapping
from types import MappingProxyType

from sortyard.domain.messages import Message

# What a careful person would answer, as far as there is one right answer.
EXPECTED: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "fresh-plain": {"team": ("orders/tracking",), "urgency": ("normal",), "flags": ()},
        "fresh-urgent": {
            "team": ("technical/outages",),
            "urgency": ("critical",),
            "flags": ("angry", "churn-risk"),
        },
        "fresh-html": {"team": ("billing/invoices",), "urgency": ("normal",), "flags": ()},
        "fresh-siblings": {"urgency": ("normal",), "flags": ()},
        "fresh-thanks": {"team": ("feedback/praise",), "urgency": ("low",), "flags": ("praise",)},
        "fresh-data": {
            "team": ("account/privacy",),
            "urgency": ("normal",),
            "flags": ("data-request", "legal"),
        },
        "fresh-chat": {"team": ("account/login",), "urgency": ("normal",), "flags": ()},
        "fresh-elsewhere": {},  # out of scope: no team of the company has to do with it
    }
)

HTML_MAIL = """\
<html><head><style>p.x {margin:0; font-family:Verdana}</style></head><body>
<p class="x">Dear Tillwright team,</p>
<p class="x">the bill you e-mailed us for the autumn quarter still carries the name of my
predecessor. Everything on it has been paid&nbsp;&ndash; our bookkeeping only accepts documents
made out to <b>Fern &amp; Daughter Ltd</b>, though. Could a corrected one be mailed to
books@fern-daughter.example?</p>
<p class="x">Kind regards<br>Agnes Fern</p>
<hr><p style="font-size:8pt;color:#888">Fern &amp; Daughter Ltd &bull; Tel. 555-0136</p>
</body></html>"""


def fresh_messages() -> tuple[Message, ...]:
    """
    Eight messages written by hand, the easy ones first.

    One lies between two labels of a team (`fresh-siblings`: a double debit where it is not said
    whether the money is wanted back), and one is no business of the company at all
    (`fresh-elsewhere`).
    """
    return (
        Message(
            "fresh-plain",
            "Morning! According to the last e-mail our two scanners left your warehouse on the "
            "9th. It is the 17th now and the link only shows a map of Belgium. Do you have "
            "any idea where they might be?\n\nBest wishes, Orla",
            "Scanners on a journey?",
        ),
        Message(
            "fresh-urgent",
            "NOTHING loads on any of our six tills since opening, and not in our Dover branch "
            "either. I have a shop full of people with baskets who cannot pay, and your phone "
            "line plays Vivaldi. Is this what we pay you for?! Merchantly's salesman was here "
            "on Tuesday, I should have signed on the spot.",
            "Everything is dead!!!",
        ),
        Message("fresh-html", HTML_MAIL, "Wrong name on the quarterly bill"),
        Message(
            "fresh-siblings",
            "Hello, 79.00 was debited on the 2nd and another 79.00 on the 4th. We have one "
            "subscription only. Please put this in order. Regards, T. Abara",
            "79.00 and 79.00",
        ),
        Message(
            "fresh-thanks",
            "I promised myself to write when the Easter rush was over: not one crash, not one "
            "wrong cent, and Joanne on your help line even laughed about my jokes. You have a "
            "good thing going there.",
            "A small bouquet",
        ),
        Message(
            "fresh-data",
            "I was an employee of one of your customers until June. Under Article 15 of the GDPR, "
            "please let me know which records on my working hours and sign-ins you keep, and "
            "to whom they were passed. Should there be no reply within the statutory month I "
            "will turn to the supervisory authority.",
            "Information about my data",
        ),
        Message(
            "fresh-chat", "new fone, autheticator app is empty, 6 digit thing wont work.. halp"
        ),
        Message(
            "fresh-elsewhere",
            "Could you tell me whether the swimming pool in Albert Street is open on Whit Monday, "
            "and if dogs may wait in the entrance hall?",
            "Opening times of the baths",
        ),
    )
