"""Taxonomies wherever they lie: a file, a workspace, a release."""

from pathlib import Path

from sortyard.app.archives import read_for
from sortyard.app.releases import find_release
from sortyard.app.workspace import found_or_here, open_workspace
from sortyard.data.taxonomy_file import read_taxonomy
from sortyard.data.taxonomy_lint import Embed, Finding, lint
from sortyard.domain.errors import InvalidUsage
from sortyard.domain.taxonomy import Taxonomy

FILE = "taxonomy.yaml"


def find_taxonomy(source: str | None, folder: Path | None) -> Taxonomy:
    """
    Read a taxonomy from a file, a release's id or folder, or by default from the workspace.

    Raises `InvalidTaxonomy`, `UnknownRelease` and `MissingWorkspace`.
    """
    if source is not None:
        path = Path(source)
        return read_taxonomy(path if path.is_file() else find_release(source, folder).folder / FILE)
    workspace = open_workspace(folder)
    if not workspace.taxonomy_file.is_file():
        raise InvalidUsage(
            f"{workspace.folder} has no {workspace.settings.taxonomy} yet.",
            "`sortyard init ARCHIVE` draws one up from labelled messages.",
        )
    return read_taxonomy(workspace.taxonomy_file)


def lint_taxonomy(
    taxonomy: Taxonomy, *, data: Path | None, workspace: Path | None, embed: Embed | None
) -> tuple[Finding, ...]:
    """Look for everything that can be said against a taxonomy, and against it and some data."""
    if data is None:
        return lint(taxonomy, embed=embed)
    archive = read_for(found_or_here(workspace), data, taxonomy=None)
    dataset = archive.dataset
    labels = {name: dataset.labels(name) for name in dataset.dimensions}
    return lint(taxonomy, data_labels=labels, embed=embed)
