"""Read what a user has: an archive of labelled messages, or messages without labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sortyard.data.columns import Columns, infer_columns
from sortyard.data.dataset import Dataset
from sortyard.data.plans import without_the_open
from sortyard.data.problems import ProblemCount, RowProblem, Trouble, counted
from sortyard.data.readers import read_lines, read_table
from sortyard.data.row_labels import Paths, row_labels
from sortyard.data.rows import Rows, read_rows, row_groups, row_times
from sortyard.data.tables import Table
from sortyard.data.taxonomy_inference import infer_taxonomy
from sortyard.domain.errors import EmptyArchive
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.domain.taxonomy import Taxonomy

_WRONG_LABELS = frozenset({Trouble.UNKNOWN_LABEL, Trouble.SEVERAL_LABELS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """
    A file that was read: its examples, what its columns mean, and all that is odd about it.

    Where several were read as one, `parts` has each of them, and `columns` are those of the first
    that is no plan.
    """

    dataset: Dataset
    taxonomy: Taxonomy
    columns: Columns
    problems: tuple[RowProblem, ...]
    source: str
    sha256: str
    rows: int  # in the file, with those that were left out
    encoding: str = "utf-8"  # of the file, as guessed
    parts: tuple["Archive", ...] = ()
    mails: Mapping[int, str] = field(default_factory=dict)  # by the line: a mail's file in a folder

    @property
    def files(self) -> tuple["Archive", ...]:
        """Every file that was read."""
        return self.parts or (self,)

    @property
    def sources(self) -> tuple[Mapping[str, str | int], ...]:
        """The name, the rows and the SHA-256 of every file that was read."""
        return tuple(
            {"name": Path(one.source).name, "rows": one.rows, "sha256": one.sha256}
            for one in self.files
        )

    @property
    def problem_counts(self) -> tuple[ProblemCount, ...]:
        """The problems by kind, most frequent first."""
        return counted(self.problems, self.mails)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of a table; `messages` has one entry a row."""

    table: Table
    columns: Columns
    messages: tuple[Message, ...]
    dataset: Dataset
    problems: tuple[RowProblem, ...]

    def taxonomy(self) -> Taxonomy | None:
        """Draw one up of the labels that occur; None where a dimension has none."""
        try:
            return inferred(self.dataset, self.columns, self.table.source)
        except EmptyArchive:
            return None

    def archive(self, taxonomy: Taxonomy) -> Archive:
        """Make an archive of it, once the taxonomy is known."""
        table = self.table
        return Archive(
            dataset=self.dataset,
            taxonomy=taxonomy,
            columns=self.columns,
            problems=tuple(sorted(self.problems, key=lambda one: one.line)),
            source=table.source,
            sha256=table.sha256,
            encoding=table.encoding,
            mails=table.files,
            rows=len(table) + sum(one.kind.leaves_out for one in table.problems),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Unlabelled messages of a file, in its order; those with an empty text are among them."""

    messages: tuple[Message, ...]
    columns: Columns
    problems: tuple[RowProblem, ...]
    source: str
    mails: Mapping[int, str] = field(default_factory=dict)  # as an archive's

    def __len__(self) -> int:
        return len(self.messages)

    @property
    def problem_counts(self) -> tuple[ProblemCount, ...]:
        """The problems by kind, most frequent first."""
        return counted(self.problems, self.mails)


def read_archive(  # noqa: PLR0913 -- one argument for each role that can be named
    path: Path,
    *,
    text: Sequence[str] = (),
    labels: Sequence[str] = (),
    taxonomy: Taxonomy | None = None,
    id_column: str | None = None,
    group: str | None = None,
    time: str | None = None,
) -> Archive:
    """
    Read labelled messages; columns that are not named are guessed.

    With a taxonomy, labels that it does not have are problems of their rows; without one, it is
    inferred. Raises UnreadableArchive, EmptyArchive, UnknownColumn, UndecidedColumns,
    UnknownDimension (a `--label` names a dimension that the taxonomy lacks), and UnknownLabels
    where the taxonomy has not a single label of a dimension.
    """
    table = read_table(path)
    columns = infer_columns(
        table,
        text=text,
        labels=labels,
        id_column=id_column,
        group=group,
        time=time,
        taxonomy=taxonomy,
    )
    return archive_of(table, columns, taxonomy)


def archive_of(table: Table, columns: Columns, taxonomy: Taxonomy | None = None) -> Archive:
    """Make examples of the rows of a table, once it is known what its columns mean."""
    read = examples_of(table, columns, taxonomy)
    return read.archive(taxonomy or inferred(read.dataset, columns, table.source))


def examples_of(table: Table, columns: Columns, taxonomy: Taxonomy | None) -> Read:
    """Read the rows of a table. Raises EmptyArchive, and UnknownLabels as `read_archive`."""
    table = without_the_open(table, [name for one in columns.labels for name in one.columns])
    problems = list(table.problems)
    rows = read_rows(table, columns, on_empty=Trouble.EMPTY_TEXT)
    problems += rows.problems
    labels = {one.dimension: row_labels(table, one, taxonomy, problems) for one in columns.labels}
    dataset = _dataset(table, columns, rows, labels, problems)
    return Read(
        table=table,
        columns=columns,
        messages=rows.messages,
        dataset=dataset,
        problems=tuple(problems),
    )


def inferred(dataset: Dataset, columns: Columns, source: str) -> Taxonomy:
    """Draw up a taxonomy of the labels that occur; EmptyArchive where a dimension has none."""
    kinds = {one.dimension: one.kind for one in columns.labels}
    answers = {
        name: [held for one in dataset.examples if (held := one.labels.get(name))] for name in kinds
    }
    for name, rows_with_it in answers.items():
        if not rows_with_it:
            raise EmptyArchive(source, f"no row has a label for {name!r}")
    return infer_taxonomy(answers, kinds)


def _dataset(
    table: Table,
    columns: Columns,
    rows: Rows,
    labels: dict[str, list[Paths]],
    problems: list[RowProblem],
) -> Dataset:
    empty = {one.line for one in rows.problems if one.kind is Trouble.EMPTY_TEXT}
    wrong = {one.line for one in problems if one.kind in _WRONG_LABELS}
    examples, kept, unlabelled = [], [], []
    for at, (line, message) in enumerate(zip(table.lines, rows.messages, strict=True)):
        held = {name: paths for name, found in labels.items() if (paths := found[at]) is not None}
        if held and line not in empty:
            examples.append(Example(message, held))
            kept.append(at)
        elif line not in empty and line not in wrong:
            unlabelled.append(message)
    if not examples:
        raise _nothing_usable(table, problems)
    groups = row_groups(table, columns.group, problems) if columns.group else None
    times = row_times(table, columns.time, problems) if columns.time else None
    return Dataset(
        examples=tuple(examples),
        dimensions=tuple(labels),
        groups=None if groups is None else tuple(groups[at] for at in kept),
        times=None if times is None else tuple(times[at] for at in kept),
        unlabelled=tuple(unlabelled),
    )


def _nothing_usable(table: Table, problems: Sequence[RowProblem]) -> EmptyArchive:
    counts = counted(problems, table.files)[:3]
    if not counts:
        return EmptyArchive(table.source, "no row has both a text and a label")
    return EmptyArchive(
        table.source, "; ".join(str(one).rstrip(".") for one in counts), counts[0].remedy
    )


def read_messages(
    path: Path, *, text: Sequence[str] = (), id_column: str | None = None
) -> Messages:
    """
    Read messages without labels; any label columns become metadata.

    In a file of one column that column is the text; a `.txt` file has one message a line and no
    header. A row that cannot be read is a problem, and the rest go on. Raises UnreadableArchive,
    EmptyArchive, UnknownColumn and UndecidedColumns.
    """
    is_plain = path.name.lower().removesuffix(".gz").endswith(".txt")
    table = read_lines(path) if is_plain else read_table(path)
    if not text and len(table.columns) == 1:
        text = table.columns
    columns = infer_columns(table, text=text, id_column=id_column, labelled=False)
    rows = read_rows(table, columns, on_empty=Trouble.NOTHING_TO_READ)
    problems = sorted((*table.problems, *rows.problems), key=lambda one: one.line)
    return Messages(
        messages=rows.messages,
        columns=columns,
        problems=tuple(problems),
        source=table.source,
        mails=table.files,
    )
