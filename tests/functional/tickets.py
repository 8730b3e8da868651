"""A small archive that anything can learn, and the words it is made of."""

from pathlib import Path
from random import Random

WORDS = {
    "billing": (
        "refund for order {n}",
        "you charged my card twice for invoice {n}",
        "where is the money for my return {n}",
        "the invoice {n} is wrong",
        "please send back the payment {n}",
    ),
    "access": (
        "cannot log in to account {n}",
        "the password reset link {n} does not work",
        "my login {n} is locked",
        "the security code {n} never arrives",
        "account {n} says wrong password",
    ),
    "delivery": (
        "parcel {n} did not arrive",
        "where is the package of order {n}",
        "the courier left parcel {n} in the rain",
        "delivery {n} is late",
        "the tracking of parcel {n} shows nothing",
    ),
}
OPENINGS = ("", "Hello ", "Dear team ", "Hi ", "Good morning ")
ENDINGS = ("please help", "thanks", "as soon as you can", "since monday", "once again")


def write_tickets(path: Path, *, count: int, random: Random) -> Path:
    """Write a CSV of tickets with ids and one of three teams."""
    lines = ["id,body,team"]
    for number in range(count):
        team = random.choice(sorted(WORDS))
        words = random.choice(WORDS[team]).format(n=random.randint(1, 9_999))
        text = f"{random.choice(OPENINGS)}{words} {random.choice(ENDINGS)}"
        lines.append(f"t-{number},{text},{team}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
