"""Two texts as one row of word pieces, the same where a cross-encoder learns and serves."""

from collections.abc import Sequence

CARD_SHARE = 2  # a card that has to be cut keeps at least a half of what there is room for


def pair_ids(message: Sequence[int], card: Sequence[int], *, most: int) -> list[int]:
    """
    Put a card behind a message: `[CLS] message [SEP] card [SEP]`, at most `most` pieces.

    Both come with the encoder's marks around them, and the first mark of the card is left out. What
    is too long is cut at its end, before its last mark: the card where it takes more than a half,
    else the message.
    """
    card = card[1:]
    message, card = list(message), list(card)
    if len(message) + len(card) > most:
        card = _cut(card, max(most // CARD_SHARE, most - len(message)))
        message = _cut(message, most - len(card))
    return message + card


def _cut(ids: list[int], most: int) -> list[int]:
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]
