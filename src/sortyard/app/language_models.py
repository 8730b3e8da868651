"""Tuning a language model on an archive, read the way its workspace says."""

from pathlib import Path

from sortyard.app.archives import edited_taxonomy, read_for
from sortyard.app.workspace import Given, found_or_here
from sortyard.data.archive import Archive
from sortyard.domain.errors import InvalidUsage, listing
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Dimension, Kind, Taxonomy
from sortyard.training.causal_rows import causal_material
from sortyard.training.tuning.causal.options import CausalTuning
from sortyard.training.tuning.causal.tuner import (
    CausalOrder,
    TunedLanguageModel,
    tune_language_model,
)


def tune_in(  # noqa: PLR0913 -- what `sortyard tune-lm` takes
    archive: Path,
    base: Path,
    out: Path,
    *,
    dimension: str | None,
    test: Path | None,
    options: CausalTuning,
    given: Given,
    folder: Path | None,
    progress: Progress,
) -> TunedLanguageModel:
    """
    Tune the language model in `base` on an archive, and write it to `out`.

    The settings and the taxonomy of a workspace are obeyed; where there is none, none is made.
    Raises what `read_archive` and `tune_language_model` do.
    """
    workspace = found_or_here(folder, given=given)
    with progress.stage(f"Reading {archive.name}"):
        read = read_for(workspace, archive, taxonomy=edited_taxonomy(workspace))
        tested = None if test is None else read_for(workspace, test, taxonomy=read.taxonomy)
        material = causal_material(
            read.dataset,
            _dimension(read, dimension),
            None if tested is None else tested.dataset,
            seed=workspace.settings.seed,
            by_time=bool(workspace.settings.time),
        )
    order = CausalOrder(material=material, base=base, options=options, seed=workspace.settings.seed)
    return tune_language_model(order, out, progress=progress)


def _dimension(archive: Archive, name: str | None) -> Dimension:
    """Find the dimension that is asked for, or the only one that has one label."""
    taxonomy: Taxonomy = archive.taxonomy
    if name is not None:
        return taxonomy[name]
    single = [
        one
        for one in taxonomy.dimensions
        if one.kind is Kind.SINGLE and one.name in archive.dataset.dimensions
    ]
    if len(single) != 1:
        raise InvalidUsage(
            f"There are {len(single)} dimensions of one label each, and a language model learns "
            "one.",
            f"Name one of {listing(taxonomy.names)} with `--dimension`.",
        )
    return single[0]
