"""
The `sortyard` program: its commands, and the one place where errors become exit codes.

0 is yes, 1 means that the answer is no (a gate failed), 2 that the command could not run.
"""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer

from sortyard import __version__
from sortyard.app.extras import explaining_absence
from sortyard.cli.agree import agree_command
from sortyard.cli.annotate_plan import plan_command
from sortyard.cli.audit import audit_archive_command
from sortyard.cli.bench import bench_command
from sortyard.cli.classify import classify_command
from sortyard.cli.demo import demo_command
from sortyard.cli.evaluate import evaluate_command
from sortyard.cli.explain import explain_command
from sortyard.cli.export import export_command
from sortyard.cli.init import init_command
from sortyard.cli.keys_create import create_key_command
from sortyard.cli.keys_list import list_keys_command
from sortyard.cli.keys_revoke import revoke_key_command
from sortyard.cli.keys_rotate import rotate_key_command
from sortyard.cli.monitor_top import top_command
from sortyard.cli.output import ExitCode, note, print_line
from sortyard.cli.promote import promote_command
from sortyard.cli.redact import redact_command
from sortyard.cli.releases_compare import compare_command
from sortyard.cli.releases_import import import_command
from sortyard.cli.releases_list import list_command
from sortyard.cli.releases_show import show_release_command
from sortyard.cli.rollback import rollback_command
from sortyard.cli.rules_apply import apply_command
from sortyard.cli.rules_check import check_command
from sortyard.cli.serve import serve_command
from sortyard.cli.store_audit import audit_command
from sortyard.cli.store_expire import expire_command
from sortyard.cli.store_export import export_store_command
from sortyard.cli.store_forget import forget_command
from sortyard.cli.store_migrate import migrate_command
from sortyard.cli.store_status import status_command
from sortyard.cli.taxonomy_diff import diff_command
from sortyard.cli.taxonomy_lint import lint_command
from sortyard.cli.taxonomy_show import show_command
from sortyard.cli.train import train_command
from sortyard.cli.tune_lm import tune_lm_command
from sortyard.domain.errors import GatesFailed, SortyardError, TamperedAudit

ANSWERS = {
    GatesFailed.code,
    TamperedAudit.code,
}  # errors that answer no; all others kept a command from running
WORK, RELEASES, LABELS, TRY = "The work", "Releases", "Labels and rules", "Try it"
SERVING = "In production"

app = typer.Typer(
    name="sortyard",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)

taxonomy = typer.Typer(no_args_is_help=True, help="Look at the labels: lint, show, diff.")
taxonomy.command("lint")(lint_command)
taxonomy.command("show")(show_command)
taxonomy.command("diff")(diff_command)

releases = typer.Typer(no_args_is_help=True, help="Look at releases, and choose which answers.")
releases.command("list")(list_command)
releases.command("show")(show_release_command)
releases.command("compare")(compare_command)
releases.command("promote")(promote_command)
releases.command("rollback")(rollback_command)
releases.command("import")(import_command)

keys = typer.Typer(no_args_is_help=True, help="Make and end the API keys of callers.")
keys.command("create")(create_key_command)
keys.command("list")(list_keys_command)
keys.command("revoke")(revoke_key_command)
keys.command("rotate")(rotate_key_command)

store = typer.Typer(no_args_is_help=True, help="Look after what is kept: forget, export, audit.")
store.command("status")(status_command)
store.command("migrate")(migrate_command)
store.command("forget")(forget_command)
store.command("expire")(expire_command)
store.command("export")(export_store_command)
store.command("audit")(audit_command)

monitor = typer.Typer(no_args_is_help=True, help="Watch what a server does: top.")
monitor.command("top")(top_command)

annotate = typer.Typer(no_args_is_help=True, help="Spend labels where they teach most: plan.")
annotate.command("plan")(plan_command)

rules = typer.Typer(no_args_is_help=True, help="Try and apply rules of your own.")
rules.command("check")(check_command)
rules.command("apply")(apply_command)

app.command("demo", rich_help_panel=TRY)(demo_command)
app.command("bench", rich_help_panel=TRY)(bench_command)
app.command("init", rich_help_panel=WORK)(init_command)
app.command("audit", rich_help_panel=WORK)(audit_archive_command)
app.command("train", rich_help_panel=WORK)(train_command)
app.command("tune-lm", rich_help_panel=WORK)(tune_lm_command)
app.command("evaluate", rich_help_panel=WORK)(evaluate_command)
app.command("classify", rich_help_panel=WORK)(classify_command)
app.command("explain", rich_help_panel=WORK)(explain_command)
app.command("redact", rich_help_panel=WORK)(redact_command)
app.add_typer(releases, name="releases", rich_help_panel=RELEASES)
app.command("promote", rich_help_panel=RELEASES)(promote_command)
app.command("rollback", rich_help_panel=RELEASES)(rollback_command)
app.command("export", rich_help_panel=RELEASES)(export_command)
app.command("serve", rich_help_panel=SERVING)(serve_command)
app.add_typer(keys, name="keys", rich_help_panel=SERVING)
app.add_typer(store, name="store", rich_help_panel=SERVING)
app.add_typer(monitor, name="monitor", rich_help_panel=SERVING)
app.add_typer(taxonomy, name="taxonomy", rich_help_panel=LABELS)
app.command("agree", rich_help_panel=LABELS)(agree_command)
app.add_typer(rules, name="rules", rich_help_panel=LABELS)
app.add_typer(annotate, name="annotate", rich_help_panel=LABELS)


def _print_version(asked: bool) -> None:  # noqa: FBT001 -- Typer calls it with the option's value
    if asked:
        print_line(f"sortyard {__version__}")
        raise typer.Exit


@app.callback()
def sortyard(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """
    Sort incoming messages into your labels, and know how sure each answer is.

    Start with `sortyard demo`, or with `sortyard train ARCHIVE` on your own
    labelled messages.
    """


def main() -> None:
    """Run the program on the arguments of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = run(sys.argv[1:])
    if code == ExitCode.NOBODY_READS:  # so that Python does not complain when it flushes at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command, and turn whatever happens into an exit code and at most three lines."""
    try:
        with explaining_absence():
            code = app(args=list(arguments), prog_name="sortyard", standalone_mode=False)
        sys.stdout.flush()
    except SortyardError as error:
        return _explain(error.code, error.problem, error.remedy, arguments)
    except typer.TyperException as error:
        if not error.message:  # nothing was asked for, and the help was shown
            return ExitCode.COULD_NOT_RUN
        return _explain("usage", *_usage(error), arguments)
    except BrokenPipeError:
        return ExitCode.NOBODY_READS
    except SystemExit as leaving:
        code = _code_of(leaving)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- the last resort: a person sees no traceback
        return _report_fault(error, arguments)
    if code == ExitCode.INTERRUPTED:
        note("interrupted: nothing half-written was left")
    return code if isinstance(code, int) else ExitCode.YES


def exit_code_of(code: str) -> ExitCode:
    """Tell how a command ends that was stopped by an error with this code."""
    return ExitCode.NO if code in ANSWERS else ExitCode.COULD_NOT_RUN


def _explain(code: str, problem: str, remedy: str, arguments: Sequence[str]) -> ExitCode:
    """Say what went wrong and what to do: in two lines, or as JSON where that was asked for."""
    if "--json" in _options(arguments):
        facts = {"error": {"code": code, "problem": problem, "remedy": remedy}}
        note(json.dumps(facts, ensure_ascii=False))
    else:
        typer.secho(f"error[{code}]: {problem}", err=True, fg="red")
        note(f"  fix: {remedy}")
    return exit_code_of(code)


def _options(arguments: Sequence[str]) -> Sequence[str]:
    """Leave out what follows `--`, which is text."""
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _usage(error: typer.TyperException) -> tuple[str, str]:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "sortyard"
    return error.format_message(), f"`{command} --help` shows what it takes."


def _report_fault(error: Exception, arguments: Sequence[str]) -> ExitCode:
    """Tell of an error that nobody foresaw, and where its traceback is."""
    problem = f"Something went wrong that should not have ({type(error).__name__})."
    try:
        remedy = f"Please report it with the traceback in {_kept_traceback(error)}."
    except OSError as refusal:
        why = refusal.strerror or type(refusal).__name__
        remedy = f"Make room for temporary files ({why}) and try again: its traceback needs it."
    return _explain("internal", problem, remedy, arguments)


def _kept_traceback(error: Exception) -> str:
    """Write a traceback into a file that only its owner reads, and name that."""
    handle, path = tempfile.mkstemp(prefix="sortyard-", suffix=".log", text=True)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(f"sortyard {__version__}, Python {sys.version}\n")
        traceback.print_exception(error, file=stream)
    return path


def _code_of(leaving: SystemExit) -> ExitCode:
    """Tell why Typer left by itself: the one case is a reader that went away."""
    gone = isinstance(leaving.__context__, OSError)
    return ExitCode.NOBODY_READS if gone else ExitCode.COULD_NOT_RUN
