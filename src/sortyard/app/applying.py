"""The champion's models under other rules: a release of its own, made in a moment."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sortyard.app.champion import Turn
from sortyard.app.deeds import record
from sortyard.app.files import replacing_folder
from sortyard.app.releases import METRICS, Release, Releases, verify
from sortyard.app.rules import rulebook_of, rules_file
from sortyard.app.workspace import Workspace
from sortyard.data.rules_file import render_rules
from sortyard.data.taxonomy_file import read_taxonomy
from sortyard.models.bundle import PREPARATION, RULES, TAXONOMY
from sortyard.models.manifest import ABOUT, Manifest, release_id, sha256
from sortyard.models.rules import Rulebook
from sortyard.text.preparation import Preparation

HEADING = "</h1>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The release that has the present rules; `turn` is None where it answered already."""

    release: str
    rules: int
    before: str
    turn: Turn | None


def apply_rules(workspace: Workspace, *, at: datetime) -> Applied:
    """
    Let the champion's models answer under the present rules of a workspace from now on.

    A message never gets two answers from one release, so other rules make another release. What
    the models learnt is shared with the files of the champion, whose gates count for both. Raises
    what `rulebook_of` does, `InvalidUsage` where there is no file of rules, `UnknownRelease` and
    `DamagedBundle`.
    """
    releases = Releases(workspace)
    champion = releases.find()
    verify(champion)
    rules_file(workspace)
    taxonomy = read_taxonomy(champion.folder / TAXONOMY)
    rulebook = rulebook_of(workspace, taxonomy, _preparation(champion))
    release, turn = _with_rules(champion, rulebook, releases.folder, at), None
    if release != champion.id:
        facts = {"before": champion.id, "rules": len(rulebook)}
        record(workspace, "apply-rules", release, at=at, facts=facts)
        turn = releases.promote(release, at=at, force=not champion.passed)
    return Applied(release=release, rules=len(rulebook), before=champion.id, turn=turn)


def _preparation(release: Release) -> Preparation:
    described = (release.folder / PREPARATION).read_text(encoding="utf-8")
    return Preparation.from_dict(json.loads(described))


def _with_rules(champion: Release, rulebook: Rulebook, releases: Path, at: datetime) -> str:
    """Write a release that differs from the champion by its rules, where there is none yet."""
    manifest = Manifest.read(champion.folder)
    text = render_rules(rulebook.rules).encode()
    files = {name: digest for name, digest in manifest.files.items() if name != RULES}
    if rulebook:
        files[RULES] = hashlib.sha256(text).hexdigest()
    release = release_id(files)
    folder = releases / release
    if release == champion.id or folder.exists():
        return release
    with replacing_folder(folder) as draft:
        if rulebook:
            (draft / RULES).write_bytes(text)
        for name in files:
            if name != RULES:
                _share(champion.folder / name, draft / name)
        _say_what_was_measured(champion, draft)
        files |= {name: sha256(draft / name) for name in ABOUT.intersection(files)}
        replace(
            manifest,
            release=release,
            created=at.isoformat(timespec="seconds"),
            parents=(champion.id,),
            files=files,
        ).write(draft)
    return release


def _share(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the disk knows no such thing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _say_what_was_measured(champion: Release, draft: Path) -> None:
    """
    Put a note into the reports of a release whose models were measured as the champion.

    Where these were measured as yet another release, the champion's reports have that note.
    """
    if champion.report.get("release") != champion.id:
        return
    note = f"Note: measured as {champion.id}; since then only its rules have changed."
    figures = {**champion.report, "notes": [*champion.report.get("notes", ()), note]}
    reports = {METRICS: json.dumps(figures, indent=1, ensure_ascii=False) + "\n"}
    for name in ("report.txt", "CARD.md", "report.html"):
        if (draft / name).is_file():
            reports[name] = _with_note((draft / name).read_text(encoding="utf-8"), note)
    for name, content in reports.items():
        (draft / name).unlink()  # another name of the champion's file, which stays as it is
        (draft / name).write_text(content, encoding="utf-8")


def _with_note(report: str, note: str) -> str:
    """Put a note under the heading of a report, be it a page or plain text."""
    if HEADING in report:
        return report.replace(HEADING, f'{HEADING}\n<p class="facts">{note}</p>', 1)
    title, _, rest = report.partition("\n")
    return f"{title}\n\n{note}\n{rest}"
