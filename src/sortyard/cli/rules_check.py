"""The command `sortyard rules check`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sortyard.cli.options import AsJson, Texts, WorkspaceFolder
from sortyard.cli.output import answer_no, print_json, print_line, share, shortened, table
from sortyard.cli.progress import showing_progress
from sortyard.domain.errors import number
from sortyard.domain.messages import Message

if TYPE_CHECKING:  # so that `--help` does not wait for what reads rules
    from sortyard.app.rules import Tried
    from sortyard.domain.rules import Rule
    from sortyard.evaluation.rule_check import RuleTrial

WORDS = {"missed": "should fit", "caught": "should not fit"}


def check_command(
    rules: Annotated[
        Path | None,
        typer.Argument(metavar="RULES", help="A file of rules; else the workspace's."),
    ] = None,
    *,
    on: Annotated[
        Path | None,
        typer.Option("--on", metavar="FILE", help="Also count what they fit in these messages."),
    ] = None,
    text: Texts = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Try every rule on the examples that it carries.

    Exits with 1 where one comes out wrong. With `--on`, rules are tried on the
    words and metadata of messages, not on what the models say of them.
    """
    from sortyard.app.incoming import from_file
    from sortyard.app.rules import try_in
    from sortyard.app.workspace import usual_columns

    with showing_progress() as progress, progress.stage("Trying the rules"):
        messages: tuple[Message, ...] = ()
        if on is not None:
            messages = from_file(on, text=text or (), usual=usual_columns(workspace)).messages
        tried = try_in(rules, workspace, messages=messages)
    count = None if on is None else len(messages)
    if as_json:
        print_json(_facts(tried, count))
    else:
        for line in _in_words(tried, count):
            print_line(line)
    if not tried.passed:
        raise answer_no()


def _facts(tried: "Tried", messages: int | None) -> dict[str, object]:
    rules = [
        {
            "name": trial.rule.name,
            "stage": trial.rule.stage.value,
            "act": trial.rule.act.value,
            "failures": [
                {"slip": one.slip.value, "number": one.number, "text": one.text}
                for one in trial.failures
            ],
            "fits": None if messages is None else trial.fits,
            "behind": dict(trial.behind),
        }
        for trial in tried.trials
    ]
    return {"passed": tried.passed, "messages": messages, "rules": rules}


def _in_words(tried: "Tried", messages: int | None) -> Iterator[str]:
    if tried.trials:
        yield table([_row(trial, messages) for trial in tried.trials])
    for trial in tried.trials:
        for one in trial.failures:
            words = " ".join(one.text.split())
            yield shortened(f"{trial.rule.name}: {WORDS[one.slip]}: {words}")
    for trial in tried.trials:
        for name, count in trial.behind:
            yield f"{trial.rule.name}: {name} comes first and answers otherwise, {count} times"
    silent = [trial.rule.name for trial in tried.trials if not trial.fits]
    if messages is not None and silent:
        yield f"fits none of these messages: {', '.join(silent)}"
    yield _summary(tried)


def _row(trial: "RuleTrial", messages: int | None) -> tuple[str, ...]:
    fits = () if messages is None else (f"{trial.fits:,}", share(trial.fits / max(messages, 1)))
    verdict = "fine" if trial.passed else f"{len(trial.failures)} wrong"
    return (trial.rule.name, trial.rule.stage.value, _act(trial.rule), verdict, *fits)


def _act(rule: "Rule") -> str:
    """Say what a rule does, as `answer team: billing`."""
    named = [f"{name}: {', '.join(labels)}".rstrip(": ") for name, labels in rule.labels.items()]
    return f"{rule.act.value} {', '.join(named) or 'all'}"


def _summary(tried: "Tried") -> str:
    rules = [trial.rule for trial in tried.trials]
    examples = sum(len(rule.examples) + len(rule.counterexamples) for rule in rules)
    wrong = sum(len(trial.failures) for trial in tried.trials)
    verdict = f"{wrong} wrong" if wrong else "all as they should be"
    return f"{number(len(rules), 'rule')}, {number(examples, 'example')}: {verdict}"
