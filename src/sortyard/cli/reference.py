"""
Write the reference pages of the docs from the code, so that they cannot go stale.

`python -m sortyard.cli.reference` writes them; with `--check` it only says which would change.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from pathlib import Path
from typing import Any

from typer.main import get_command

from sortyard.app.declaring import Declared
from sortyard.app.settings import DECLARED, FILE
from sortyard.cli.output import ExitCode, note, print_line
from sortyard.cli.program import app, exit_code_of
from sortyard.domain.errors import SortyardError
from sortyard.evaluation.gates import default_text, entries

FOLDER = Path("docs/reference")
WRITTEN_BY = "<!-- Written by `make docs` from the code; edit that. -->"


def pages() -> Mapping[str, str]:
    """Write every page, by its file name."""
    written = {
        "cli.md": _cli_page(),
        "settings.md": _settings_page(),
        "gates.md": _gates_page(),
        "errors.md": _errors_page(),
    }
    return {name: "\n".join((WRITTEN_BY, "", *page)) + "\n" for name, page in written.items()}


def stale(folder: Path = FOLDER) -> tuple[str, ...]:
    """Name the pages that are missing, differ from the code, or belong to nothing."""
    wanted = pages()
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return tuple(
        sorted(name for name in wanted.keys() | found if wanted.get(name) != found.get(name))
    )


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them."""
    names = stale()
    if "--check" in arguments:
        for name in names:
            note(f"{FOLDER / name} is stale; `make docs` writes it again")
        return ExitCode.NO if names else ExitCode.YES
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names:
        page = pages().get(name)
        if page is None:
            (FOLDER / name).unlink()
        else:
            (FOLDER / name).write_text(page, encoding="utf-8")
        print_line(f"wrote {FOLDER / name}")
    return ExitCode.YES


def commands() -> Mapping[str, Any]:
    """Find every command by its full name, groups before what is in them."""
    return dict(_walk(get_command(app), "sortyard"))


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- Typer does not export the type
    yield name, command
    for word, below in getattr(command, "commands", {}).items():
        yield from _walk(below, f"{name} {word}")


def _cli_page() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield (
        "Every command that reports something has `--json`. A command exits with 0 for yes, with 1 "
        "when the answer is no (a gate failed, a finding was made), with 2 when it could not run, "
        "and with 130 when it was interrupted."
    )
    for name, command in commands().items():
        yield from _command(name, command)


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 -- as above
    context = command.context_class(command, info_name=name)
    yield from ("", f"## `{name}`", "")
    yield cleandoc(command.help or "").replace("\f", "")
    yield from ("", "```text", " ".join(command.get_usage(context).split()), "```")
    rows = [_parameter(one) for one in command.params if one.name != "help"]
    if rows:
        yield ""
        yield from _table(("argument or option", "meaning"), rows)


def _parameter(parameter: Any) -> tuple[str, str]:  # noqa: ANN401 -- as above
    shown = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name == "option":
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        title = names if parameter.is_flag else f"{names} `{shown}`"
    else:
        title = f"`{shown.strip('[]').replace(']...', '...')}`"
    about = (parameter.help or "").strip()
    default = parameter.default
    if default not in (None, False, (), []) and not callable(default) and not parameter.required:
        about += f" Default: `{default}`."
    return title, about


def _settings_page() -> Iterator[str]:
    yield from ("# Settings", "")
    yield (
        f"A workspace has a `{FILE}`. The command line beats the environment, the environment "
        "beats the file, and the file beats the default. A name that is not in this table is an "
        "error."
    )
    yield ""
    rows = [
        (f"`{one.name}`", f"`{one.variable}`", _kind(one), f"`{_shown(one)}`", one.about)
        for one in DECLARED
    ]
    yield from _table(("setting", "environment", "type", "default", "meaning"), rows)
    yield ""
    yield (
        "`SORTYARD_WORKSPACE` names the workspace itself. In the environment, a list is separated "
        "by commas, and yes or no is `yes`, `true`, `1`, or `no`, `false`, `0`."
    )


def _gates_page() -> Iterator[str]:
    yield from ("# Gates", "")
    yield (
        "A release that fails a gate never ships by itself. The limits lie in `gates.toml` beside "
        "the settings; without the file the defaults hold. A name that is not in this table is an "
        "error."
    )
    yield ""
    rows = [
        (f"`{one.name}`", "none" if one.default is None else f"`{one.default}`", one.meaning)
        for one in entries()
    ]
    yield from _table(("gate", "default", "what is measured"), rows)
    yield from ("", "A file to start from:", "", "```toml", default_text().strip(), "```")


def _errors_page() -> Iterator[str]:
    yield from ("# Errors", "")
    yield (
        "An error says what is wrong and what to do about it. Its code stays the same, so that "
        "scripts can rely on it; with `--json` it arrives on standard error as "
        '`{"error": {"code", "problem", "remedy"}}`.'
    )
    yield ""
    rows = [
        (f"`{one.code}`", f"`{one.__name__}`", one.__doc__ or "", str(exit_code_of(one.code).value))
        for one in sorted(SortyardError.__subclasses__(), key=lambda one: one.code)
    ]
    rows += [
        ("`usage`", "", "A command was given arguments that it does not take.", "2"),
        ("`internal`", "", "A fault of Sortyard; the traceback is in the file it names.", "2"),
    ]
    yield from _table(("code", "exception", "meaning", "exit"), rows)


def _kind(setting: Declared) -> str:
    return " · ".join(f"`{one}`" for one in setting.choices) if setting.choices else setting.kind


def _shown(setting: Declared) -> str:
    match setting.default:
        case bool():
            return "yes" if setting.default else "no"
        case tuple():
            return "[]"
        case _:
            return f"{setting.default}" or '""'


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        cells = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
