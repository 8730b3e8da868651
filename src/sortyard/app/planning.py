"""Which messages of a file to label next, with what the workspace knows already."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sortyard.app.answer_files import ending_of
from sortyard.app.archives import edited_taxonomy, read_for
from sortyard.app.files import replacing
from sortyard.app.incoming import from_file
from sortyard.app.loading import load
from sortyard.app.preparing import preparation_of
from sortyard.app.releases import Releases
from sortyard.app.sheets import check_target
from sortyard.app.workspace import Given, Workspace, found_or_here
from sortyard.data import plans
from sortyard.data.features_file import read_features
from sortyard.data.usual_columns import UsualColumns
from sortyard.domain.errors import EmptyArchive, InvalidUsage, UnknownColumn
from sortyard.domain.messages import Message
from sortyard.domain.ports import Progress
from sortyard.domain.predictions import Answer
from sortyard.labelling.picks import Pick
from sortyard.labelling.plan import plan, plan_cold
from sortyard.labelling.pool import Pool
from sortyard.labelling.strategies import Mix, Strategy
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Embed, embed_with
from sortyard.training.recipe import QUICK
from sortyard.training.workshop import open_workshop

TABLES = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    What to label next: what chance drew first, then what each strategy chose.

    `release` is the one that was asked, None where there is none yet. `suggestions` has what it
    says of each message, empty for those that chance drew: whoever labels these should see nothing.
    `features` are the columns that the workspace learns from beside the text.
    """

    picks: Sequence[Pick]
    suggestions: Sequence[str]
    pool: int
    labelled: int
    dimensions: tuple[str, ...]
    release: str | None
    features: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[Strategy, int]:
        """How many messages each strategy chose, most first."""
        return dict(Counter(pick.strategy for pick in self.picks).most_common())

    def rows(self) -> Iterator[dict[str, str]]:
        """Give one row a message, with an empty cell for the label of every dimension."""
        for pick, suggestion in zip(self.picks, self.suggestions, strict=True):
            yield {
                plans.ID: pick.message.id,
                plans.SUBJECT: pick.message.subject or "",
                plans.TEXT: pick.message.text,
                **dict.fromkeys(self.dimensions, ""),
                plans.WHY: pick.strategy.value,
                plans.SUGGESTION: suggestion,
                plans.CHANCE: "" if pick.chance is None else f"{pick.chance:.6g}",
                **{name: str(pick.message.metadata.get(name, "")) for name in self.features},
            }


def plan_in(  # noqa: PLR0913 -- what `sortyard annotate plan` takes
    source: Path,
    count: int,
    folder: Path | None,
    *,
    release: str | None,
    labelled: Path | None,
    given: Given,
    mix: Mix | None,
    progress: Progress,
) -> Planned:
    """
    Choose the messages of a file to label next, by the champion or another release.

    Rows of the file that have labels already, and those of `labelled`, are known; what is like them
    is not asked again. Without a release those are chosen that stand for many. Raises what reading
    and loading raise, and InvalidUsage where fewer than one is asked for, or nothing is left.
    """
    if count < 1:
        raise InvalidUsage(f"{count} messages cannot be chosen.", "Ask for 1 or more.")
    workspace = found_or_here(folder, given=given)
    rng = np.random.default_rng(workspace.settings.seed)
    asks = release is not None or Releases(workspace).champion.release is not None
    classifier = load(release, workspace=workspace.folder) if asks else None
    with progress.stage(f"Reading {source.name}"):
        pool = _pool(source, labelled, workspace, classifier, names_id=bool(given.get("id")))
    if not pool.messages:
        raise InvalidUsage(
            f"No message of {source} waits for a label.", "Give messages that have none yet."
        )
    known = classifier.taxonomy if classifier else edited_taxonomy(workspace)
    if classifier is None:
        preparation = preparation_of(workspace.settings)
        with _published(workspace, progress) as embed:
            picks = plan_cold(pool, count, preparation, embed, mix=mix, rng=rng, progress=progress)
    else:
        encoder = classifier.eyes.encoder or classifier.eyes.static
        picks = plan(
            pool, count, classifier, embed_with(encoder), mix=mix, rng=rng, progress=progress
        )
    return Planned(
        picks=picks,
        suggestions=[""] * len(picks) if classifier is None else _suggestions(classifier, picks),
        pool=len(pool.messages),
        labelled=len(pool.labelled),
        dimensions=(names := known.names if known else workspace.settings.label or ("label",)),
        features=_features(workspace, taken=names),
        release=classifier.release if classifier else None,
    )


def _features(workspace: Workspace, *, taken: Sequence[str]) -> tuple[str, ...]:
    """Name the columns that a plan has to carry along, lest its rows teach without features."""
    path = workspace.folder / workspace.settings.features
    wanted = read_features(path).metadata if path.is_file() else ()
    return tuple(name for name in wanted if name not in {*plans.COLUMNS, *taken})


def check_plan(target: Path, read: Iterable[Path | None]) -> str:
    """Give the ending of a plan's name; InvalidUsage where it cannot be written, or not there."""
    ending = ending_of(target)
    if ending == ".parquet" or target.suffix == ".gz":
        raise InvalidUsage(
            "People label in a table that they can edit.", "End the name with .csv, .tsv or .jsonl."
        )
    check_target(target, read)
    return ending


def write_plan(target: Path, planned: Planned) -> None:
    """Write a plan as CSV, TSV or JSON lines, by the name's ending; it appears when it is whole."""
    ending = check_plan(target, ())
    with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        rows = list(planned.rows())
        if ending == ".jsonl":
            stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return
        table = csv.DictWriter(stream, list(rows[0]), delimiter=TABLES[ending], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def _pool(
    source: Path,
    labelled: Path | None,
    workspace: Workspace,
    classifier: Classifier | None,
    *,
    names_id: bool,
) -> Pool:
    """Read what may be chosen; the column of ids has to be there where the command names it."""
    taxonomy = classifier.taxonomy if classifier else edited_taxonomy(workspace)
    known = read_for(workspace, labelled, taxonomy=taxonomy).dataset.examples if labelled else ()
    settings = workspace.settings
    if settings.label:
        try:
            found = read_for(workspace, source, taxonomy=taxonomy).dataset
        except (EmptyArchive, UnknownColumn):  # nobody has labelled one of them
            pass
        else:
            return _but(Pool(found.unlabelled, (*known, *found.examples)))
    usual = UsualColumns(settings.text, settings.id)
    id_column = settings.id if names_id else None
    messages = from_file(source, text=(), usual=usual, id_column=id_column).messages
    return _but(Pool([one for one in messages if one.whole.strip()], known))


def _but(pool: Pool) -> Pool:
    """Leave out messages that are labelled under the same id."""
    known = {one.message.id for one in pool.labelled}
    return replace(pool, messages=[one for one in pool.messages if one.id not in known])


@contextmanager
def _published(workspace: Workspace, progress: Progress) -> Iterator[Embed]:
    """Lend the encoder that a training here would begin with."""
    settings = workspace.settings
    recipe = replace(QUICK, encoder=settings.encoder) if settings.encoder else QUICK
    with TemporaryDirectory(prefix="sortyard-") as folder:
        workshop = open_workshop(
            recipe,
            Path(folder),
            cache=workspace.cache,
            allow_download=settings.download,
            progress=progress,
        )
        yield embed_with(workshop.encoder)


def _suggestions(classifier: Classifier, picks: Sequence[Pick]) -> list[str]:
    asked: list[str | Message] = [pick.message for pick in picks]
    answers = classifier.classify_batch(asked, candidates=2)
    return [
        _told(answer) if isinstance(answer, Answer) and pick.strategy is not Strategy.RANDOM else ""
        for pick, answer in zip(picks, answers, strict=True)
    ]


def _told(answer: Answer) -> str:
    """Say in words what a release believes of a message."""
    parts = []
    for name, choice in answer.choices.items():
        said = ", ".join(f"{one.label} {one.confidence:.2f}" for one in choice.candidates)
        parts.append(f"{name}: {said}" if said else f"{name}: no label")
    return "; ".join(parts)
