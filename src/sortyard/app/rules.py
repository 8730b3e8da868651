"""The rules of a workspace: read, and tried on the examples that they carry."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sortyard.app.preparing import preparation_of
from sortyard.app.workspace import Workspace, found_or_here
from sortyard.data.rules_file import read_rules
from sortyard.data.taxonomy_file import read_taxonomy
from sortyard.domain.errors import InvalidRules, InvalidUsage
from sortyard.domain.messages import Message
from sortyard.domain.taxonomy import Taxonomy
from sortyard.evaluation.rule_check import RuleTrial, failed_examples, try_rules
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.text.preparation import Preparation


@dataclass(frozen=True, slots=True)
class Tried:
    """The rules of a file, and how each of them did."""

    file: Path
    trials: tuple[RuleTrial, ...]

    @property
    def passed(self) -> bool:
        return all(trial.passed for trial in self.trials)


def rules_file(workspace: Workspace) -> Path:
    """Tell where a workspace has its rules; raises `InvalidUsage` where it has none."""
    path = _place(workspace)
    if not path.is_file():
        raise InvalidUsage(
            f"{workspace.folder} has no {workspace.settings.rules}.",
            "Write one; the page on rules in the guide shows how.",
        )
    return path


def rulebook_of(workspace: Workspace, taxonomy: Taxonomy, preparation: Preparation) -> Rulebook:
    """
    Read the rules of a workspace, which are none where it has no file.

    Raises `InvalidRules`, also where a rule fails its own examples, and `MissingExtra`.
    """
    path = _place(workspace)
    if not path.is_file():
        return NO_RULES
    rulebook = Rulebook.of(read_rules(path), taxonomy, source=str(path))
    failed = failed_examples(rulebook, preparation)
    if failed:
        raise InvalidRules(str(path), failed)
    return rulebook


def what_figures_leave_out(rulebook: Rulebook) -> tuple[str, ...]:
    """Say in a report that rules answer beside the models, if any do."""
    if not rulebook:
        return ()
    count = "One rule has" if len(rulebook) == 1 else f"{len(rulebook)} rules have"
    return (f"{count} a say in the answers; the figures are those of the models alone.",)


def try_in(source: Path | None, folder: Path | None, *, messages: Iterable[Message] = ()) -> Tried:
    """
    Try the rules of a file, or of a workspace, on their own examples and on some messages.

    Labels are checked where the workspace has a taxonomy. Raises `InvalidRules`, `InvalidUsage`
    where there is no file, and `MissingExtra`.
    """
    workspace = found_or_here(folder)
    path = source or rules_file(workspace)
    labels = workspace.taxonomy_file
    taxonomy = read_taxonomy(labels) if labels.is_file() else None
    rulebook = Rulebook.of(read_rules(path), taxonomy, source=str(path))
    return Tried(path, try_rules(rulebook, preparation_of(workspace.settings), messages))


def _place(workspace: Workspace) -> Path:
    return workspace.folder / workspace.settings.rules
