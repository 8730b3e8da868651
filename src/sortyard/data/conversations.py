"""Which mails belong to one conversation, by what each says that it answers."""

from collections.abc import Sequence
from typing import TypeAlias

Links: TypeAlias = tuple[str, ...]  # the ids of one mail and of those that it names


def conversations(mails: Sequence[Links]) -> list[str]:
    """
    Name the conversation of every mail by the id of one of its mails, mostly the first.

    Mails that name one another, also by way of others that are not here, belong together. Each
    comes with its own id, then the one that it answers, then those before.
    """
    above: dict[str, str] = {}

    def root(id_: str) -> str:
        top = id_
        while above.get(top, top) != top:
            top = above[top]
        while above.get(id_, id_) != top:
            above[id_], id_ = top, above[id_]
        return top

    for ids in mails:
        for one in ids:
            above.setdefault(one, one)
        for one in ids[1:]:
            first, other = root(ids[0]), root(one)
            if first != other:
                above[first] = other
    return [root(ids[0]) if ids else "" for ids in mails]
