"""The columns of a message where nobody names others."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class UsualColumns:
    """The columns that a workspace was trained on; they are taken where a source has them."""

    text: tuple[str, ...] = ()
    id: str = ""


NO_USUAL: Final = UsualColumns()
