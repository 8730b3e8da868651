"""A record as a row of its table."""

from typing import Any

from sqlalchemy import RowMapping

from sortyard.domain.predictions import Answer, Degradation
from sortyard.domain.records import (
    KeptText,
    Record,
    TextForm,
    choice_from_dict,
    choice_to_dict,
)


def to_row(record: Record) -> dict[str, Any]:
    """Give the columns of a record."""
    answer, kept = record.answer, record.kept
    return {
        "message": record.message_id,
        "release": record.release,
        "received": record.received,
        "milliseconds": record.milliseconds,
        "origin": record.origin,
        "author": record.author,
        "degraded": None if answer.degraded is None else answer.degraded.value,
        "form": kept.form.value,
        "subject": kept.subject,
        "text": kept.text,
        "metadata": dict(kept.metadata),
        "choices": {name: choice_to_dict(choice) for name, choice in answer.choices.items()},
    }


def from_row(row: RowMapping) -> Record:
    """Read a record back."""
    degraded = row["degraded"]
    return Record(
        answer=Answer(
            message_id=row["message"],
            release=row["release"],
            choices={name: choice_from_dict(name, one) for name, one in row["choices"].items()},
            degraded=None if degraded is None else Degradation(degraded),
        ),
        kept=KeptText(
            form=TextForm(row["form"]),
            subject=row["subject"],
            text=row["text"],
            metadata=row["metadata"],
        ),
        received=row["received"],
        milliseconds=row["milliseconds"],
        author=row["author"],
        origin=row["origin"],
    )
