"""A hundred messages as a hundred squares, coloured by what becomes of them."""

from markupsafe import Markup

from sortyard.evaluation.measures import Fates
from sortyard.evaluation.plain_words import scaled
from sortyard.evaluation.plots.svg import element, picture

COLUMNS, ROWS = 25, 4
SQUARE, STEP = 10.0, 12.0


def hundred(fates: Fates) -> Markup:
    """Fill the squares column by column, from automatic and right to decided by a person."""
    some = scaled(fates)
    order = ("auto_right", "auto_near", "auto_branch", "auto_far", "confirm", "review")
    colours = [one for one in order for _ in range(getattr(some, one))]
    squares = [
        element(
            "rect",
            x=at // ROWS * STEP,
            y=at % ROWS * STEP,
            width=SQUARE,
            height=SQUARE,
            rx=1.5,
            class_=f"fate {colour.replace('_', '-')}",
        )
        for at, colour in enumerate(colours)
    ]
    return picture(
        *squares,
        width=COLUMNS * STEP - STEP + SQUARE,
        height=ROWS * STEP - STEP + SQUARE,
        title="Of 100 messages, who acts",
        class_="hundred",
    )
