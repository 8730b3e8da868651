"""The reports of a release, in every form, beside its models."""

import json
from pathlib import Path

from sortyard.evaluation.report import Report
from sortyard.evaluation.report_card import as_card
from sortyard.evaluation.report_html import as_html
from sortyard.evaluation.report_text import as_text


def write_reports(report: Report, folder: Path) -> None:
    """Write the figures as JSON, and what they say as a page, as plain text and as a card."""
    figures = json.dumps(report.to_json(), indent=1, ensure_ascii=False)
    (folder / "metrics.json").write_text(figures + "\n", encoding="utf-8")
    (folder / "report.html").write_text(as_html(report), encoding="utf-8")
    (folder / "report.txt").write_text(as_text(report), encoding="utf-8")
    (folder / "CARD.md").write_text(as_card(report), encoding="utf-8")
