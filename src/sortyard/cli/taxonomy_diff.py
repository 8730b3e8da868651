"""The command `sortyard taxonomy diff`."""

from dataclasses import asdict
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, TaxonomySource, WorkspaceFolder
from sortyard.cli.output import answer_no, print_json, print_line, wrapped


def diff_command(
    before: Annotated[str, typer.Argument(help="A taxonomy file, or a release.")],
    after: TaxonomySource = None,
    *,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Say what is different between two taxonomies.

    Exits with 1 where anything is.
    """
    from sortyard.app.taxonomies import find_taxonomy
    from sortyard.domain.taxonomy_change import diff

    change = diff(find_taxonomy(before, workspace), find_taxonomy(after, workspace))
    if as_json:
        print_json(asdict(change) | {"sentences": change.sentences})
    else:
        for line in change.sentences or ("The two say the same.",):
            print_line(wrapped(line))
    if change:
        raise answer_no()
