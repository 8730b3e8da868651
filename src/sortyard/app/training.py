"""Training in a workspace: read, train, gate, and let the first good release answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sortyard.app.archives import Opened, gates_of, open_with, open_without, read_for
from sortyard.app.champion import Turn
from sortyard.app.deeds import record
from sortyard.app.features import features_of
from sortyard.app.preparing import preparation_of
from sortyard.app.recipes import Wanted, find_recipe
from sortyard.app.releases import Releases
from sortyard.app.rules import rulebook_of, what_figures_leave_out
from sortyard.app.tongues import tongues_of
from sortyard.app.workspace import Given
from sortyard.data.archive import Archive
from sortyard.data.scarcity import scarcities
from sortyard.domain.errors import number
from sortyard.domain.ports import Progress, Silence
from sortyard.training.run import Clock, Order, Trained
from sortyard.training.run import train as train_release

BY_NAME = Wanted()


def _keep_quiet(_remark: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """
    A release that was made, and what became of it.

    `turn` is None where it does not answer: its gates failed, or it waits for a person.
    """

    trained: Trained
    turn: Turn | None
    champion: str | None


def train_in(  # noqa: PLR0913 -- what a training rests on, by name
    opened: Opened,
    *,
    test: Path | None,
    progress: Progress,
    now: Clock,
    wanted: Wanted = BY_NAME,
    seed: int | None = None,
    tell: Callable[[str], None] = _keep_quiet,
) -> Shipped:
    """
    Train a release in a workspace, and promote it where the settings say so.

    `wanted` says which recipe, where the settings do not; a stored one brings its seed, unless a
    `seed` is asked for. `tell` hears why it is that one before the training begins.
    The rules and features of the workspace go into the release. Raises `NotEnoughData`,
    `MissingEncoder`, `InvalidSettings` for wrong gates or an unknown recipe, `InvalidRules`,
    `InvalidFeatures`, and `CannotWrite`.
    """
    workspace, archive = opened.workspace, opened.archive
    settings = workspace.settings
    releases = Releases(workspace)
    champion = releases.champion.release
    preparation = preparation_of(settings)
    rulebook = rulebook_of(workspace, archive.taxonomy, preparation)
    declared = features_of(workspace, archive)
    tested = read_for(workspace, test, taxonomy=archive.taxonomy) if test else None
    rows = tested.dataset if tested else None
    found = find_recipe(
        wanted, settings, archive, test=rows, cache=workspace.cache, progress=progress
    )
    for remark in found.remarks:
        tell(remark)
    recipe = found.recipe
    order = Order(
        dataset=archive.dataset,
        taxonomy=archive.taxonomy,
        recipe=recipe,
        gates=gates_of(workspace),
        seed=settings.seed if found.seed is None or seed is not None else found.seed,
        test=rows,
        by_time=bool(settings.time),
        allow_download=settings.download,
        parents=(champion,) if champion else (),
        sources=archive.sources,
        notes=(*found.remarks, *what_figures_leave_out(rulebook), *_notes(archive, tested)),
        rulebook=rulebook,
        preparation=preparation,
        tongues=tongues_of(settings),
        declared=declared,
    )
    trained = train_release(
        order, releases=releases.folder, cache=workspace.cache, progress=progress, now=now
    )
    facts = {"recipe": recipe.name, "passed": trained.passed, "rows": len(archive.dataset)}
    record(workspace, "train", trained.release, at=now(), facts=facts)
    turn = releases.ship(trained.release, at=now())
    return Shipped(trained, turn, releases.champion.release)


def _notes(archive: Archive, tested: Archive | None) -> Iterable[str]:
    """Say in the report what was read, where it is several files, and which rows have no use."""
    if archive.parts:
        counts = [f"{Path(one.source).name} ({number(one.rows, 'row')})" for one in archive.parts]
        yield f"{len(archive.dataset):,} labelled messages were read from {', '.join(counts)}."
    files = (*archive.files, *(tested.files if tested else ()))
    for each in files:
        for problem in each.problem_counts:
            yield f"{Path(each.source).name}: {problem}"
    yield from scarcities(archive.dataset)


def train(  # noqa: PLR0913 -- what `sortyard train` takes
    archive: str | Path | Sequence[str | Path] | None = None,
    *,
    text: Sequence[str] = (),
    label: Sequence[str] = (),
    test: str | Path | None = None,
    recipe: str | None = None,
    budget: str | None = None,
    seed: int | None = None,
    encoder: str | Path | None = None,
    download: bool | None = None,
    workspace: str | Path | None = None,
    promote: bool | None = None,
) -> Trained:
    """
    Turn an archive into a release, as `sortyard train` does.

    `archive` is a file, or several that are read as if they were one; without any, the workspace's
    taxonomy alone has to do. Without a workspace, the nearest one from here upwards is taken, or
    one is made here. `encoder` is a folder, or the name of one on the hub, which is asked where
    `download` allows it. `recipe` is the name of one, or the `manifest.json` of a release;
    `budget`, a length of time such as `10m`, chooses one.
    `promote` says whether a release that passes its gates answers from now on; by default only
    the first one does. Look at `passed` before you use what comes back.
    """
    wanted = Wanted.of(recipe, budget, None if encoder is None else str(encoder))
    given: Given = {
        "text": tuple(text) or None,
        "label": tuple(label) or None,
        "recipe": wanted.name,
        "seed": seed,
        "encoder": None if encoder is None else str(encoder),
        "download": download,
        "promote": None if promote is None else "always" if promote else "never",
    }
    folder = None if workspace is None else Path(workspace)
    named = (archive,) if isinstance(archive, str | Path) else archive or ()
    files = [Path(one) for one in named]
    opened = (
        open_with(files[0], folder, given=given, more=files[1:])
        if files
        else open_without(folder, given=given)
    )
    shipped = train_in(
        opened,
        test=None if test is None else Path(test),
        progress=Silence(),
        now=lambda: datetime.now(UTC),
        wanted=wanted,
        seed=seed,
    )
    return shipped.trained
