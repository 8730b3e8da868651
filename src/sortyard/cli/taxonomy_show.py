"""The command `sortyard taxonomy show`."""

from collections.abc import Iterator
from dataclasses import asdict

from sortyard.cli.options import AsJson, TaxonomySource, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, wrapped
from sortyard.domain.errors import number
from sortyard.domain.taxonomy import Dimension


def show_command(
    taxonomy: TaxonomySource = None, *, workspace: WorkspaceFolder = None, as_json: AsJson = False
) -> None:
    """Show the labels as a tree, with what each of them means."""
    from sortyard.app.taxonomies import find_taxonomy

    found = find_taxonomy(taxonomy, workspace)
    if as_json:
        print_json(asdict(found) | {"content_hash": found.content_hash})
        return
    print_line(f"version {found.version}, content {found.content_hash[:12]}")
    for dimension in found.dimensions:
        for line in _tree(dimension):
            print_line(line)


def _tree(dimension: Dimension) -> Iterator[str]:
    facts = f"{dimension.kind.value}, {number(len(dimension.leaves), 'label')}"
    yield ""
    yield wrapped(f"{dimension.name} ({facts}) {dimension.question}")
    for one in dimension.when:
        wanted = " or ".join(one.paths) or "anything"
        yield wrapped(f"asked only where {one.dimension} is {wanted}", indent=2)
    for node in dimension.nodes:
        depth = 2 * (1 + node.path.count("/"))
        words = f"{node.label.name}: {node.label.definition}".rstrip(": ")
        yield wrapped(words, indent=depth)
