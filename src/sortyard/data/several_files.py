"""Several files read as one archive."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import nan
from pathlib import Path

from sortyard.data.archive import Archive, Read, examples_of, inferred
from sortyard.data.columns import infer_columns
from sortyard.data.dataset import Dataset
from sortyard.data.like_columns import columns_like
from sortyard.data.plans import is_plan
from sortyard.data.problems import RowProblem, Trouble
from sortyard.data.readers import read_table
from sortyard.data.rows import unused_id
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.domain.taxonomy import Taxonomy

ALONE = "\0"  # begins the name of a group of one row


def read_archives(  # noqa: PLR0913 -- as `read_archive`
    paths: Sequence[Path],
    *,
    text: Sequence[str] = (),
    labels: Sequence[str] = (),
    taxonomy: Taxonomy | None = None,
    id_column: str | None = None,
    group: str | None = None,
    time: str | None = None,
) -> Archive:
    """
    Read the labelled messages of several files, one after the other, as if they were one.

    The first that is no plan leads: its columns are those that are named or guessed, and the others
    are read by them (`columns_like`). A message that stands in two files under one id is one
    message, with the labels of the later file. Raises as `read_archive` does for any of the files,
    and InvalidUsage where one lacks the text or a label.
    """
    tables = [read_table(path) for path in paths]
    lead = next((table for table in tables if not is_plan(table)), tables[0])
    columns = infer_columns(
        lead,
        text=text,
        labels=labels,
        id_column=id_column,
        group=group,
        time=time,
        taxonomy=taxonomy,
    )
    first = examples_of(lead, columns, taxonomy)
    style = taxonomy or first.taxonomy()
    union = Union()
    reads = []
    for table in tables:
        like = columns if table is lead else columns_like(table, columns, lead.source, style)
        read = first if table is lead else examples_of(table, like, taxonomy)
        found = union.add(read)
        reads.append(replace(read, problems=(*read.problems, *found)))
    dataset = union.dataset(first.dataset.dimensions)
    sources = ", ".join(table.source for table in tables)
    known = taxonomy or inferred(dataset, columns, sources)
    parts = tuple(read.archive(known) for read in reads)
    return Archive(
        dataset=dataset,
        taxonomy=known,
        columns=columns,
        problems=tuple(problem for part in parts for problem in part.problems),
        source=sources,
        sha256=hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest(),
        rows=sum(part.rows for part in parts),
        encoding=lead.encoding,
        parts=parts,
    )


@dataclass(slots=True)
class Union:
    """The messages of the files so far; no id twice."""

    examples: list[Example] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    unlabelled: dict[str, Message] = field(default_factory=dict)
    has_groups: bool = False
    has_times: bool = False
    files: int = 0

    def add(self, read: Read) -> list[RowProblem]:
        """Take the messages of one more file, and say which were there under their ids."""
        dataset = read.dataset
        self.files += 1
        self.has_groups |= dataset.groups is not None
        self.has_times |= dataset.times is not None
        met: list[tuple[str, Trouble, str]] = []
        used = {*self.places, *self.unlabelled, *dataset.ids, *(m.id for m in dataset.unlabelled)}
        for at, example in enumerate(dataset.examples):
            place = self.places.get(example.message.id)
            if place is not None and _are_same(self.examples[place].message, example.message):
                met += self._label_again(place, example)
                continue
            id_ = self._id(example.message, used)
            if id_ != example.message.id and read.columns.id is not None:
                met.append((example.message.id, Trouble.DUPLICATE_ID, f"id {example.message.id!r}"))
            self._put(replace(example, message=replace(example.message, id=id_)), dataset, at)
        for message in dataset.unlabelled:
            place = self.places.get(message.id)
            if place is None or not _are_same(self.examples[place].message, message):
                id_ = self._id(message, used)
                self.unlabelled[id_] = replace(message, id=id_)
        lines = {one.id: line for one, line in zip(read.messages, read.table.lines, strict=True)}
        return [RowProblem(lines[id_], kind, about) for id_, kind, about in met]

    def dataset(self, dimensions: tuple[str, ...]) -> Dataset:
        """Give all of them as one."""
        return Dataset(
            examples=tuple(self.examples),
            dimensions=dimensions,
            groups=tuple(self.groups) if self.has_groups else None,
            times=tuple(self.times) if self.has_times else None,
            unlabelled=tuple(self.unlabelled.values()),
        )

    def _label_again(self, place: int, example: Example) -> list[tuple[str, Trouble, str]]:
        before = self.examples[place]
        labels = {**before.labels, **example.labels}
        self.examples[place] = replace(before, labels=labels)
        id_ = example.message.id
        changed = any(before.labels.get(name, held) != held for name, held in labels.items())
        return [(id_, Trouble.LABELLED_AGAIN, f"id {id_!r}")] if changed else []

    def _id(self, message: Message, used: set[str]) -> str:
        """Keep the id of a message, or number it where another message has it."""
        spare = self.unlabelled.get(message.id)
        if spare is not None and _are_same(spare, message):
            del self.unlabelled[message.id]
        elif spare is not None or message.id in self.places:
            id_ = unused_id(message.id, used)
            used.add(id_)
            return id_
        return message.id

    def _put(self, example: Example, dataset: Dataset, at: int) -> None:
        self.places[example.message.id] = len(self.examples)
        self.examples.append(example)
        group = ALONE if dataset.groups is None else dataset.groups[at]
        alone = f"{ALONE}{self.files}-{at}" if group.startswith(ALONE) else group
        self.groups.append(alone)
        self.times.append(nan if dataset.times is None else dataset.times[at])


def _are_same(one: Message, other: Message) -> bool:
    return one.whole == other.whole
