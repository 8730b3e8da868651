"""
The text report and the model card, word for word.

A wanted change: run `SORTYARD_APPROVE=1 pytest tests/approval` and read the difference.
"""

import os
from pathlib import Path

import pytest

from sortyard.evaluation.report_card import as_card
from sortyard.evaluation.report_text import as_text
from tests.unit.evaluation.reports_for_tests import hostile, ordinary, tiny

HERE = Path(__file__).parent


@pytest.mark.parametrize("make", [ordinary, hostile, tiny])
@pytest.mark.parametrize(("render", "ending"), [(as_text, "txt"), (as_card, "md")])
def test_a_report_reads_as_approved(make, render, ending):
    approved = HERE / f"{make.__name__}_report.{ending}"
    received = render(make())

    if os.environ.get("SORTYARD_APPROVE"):
        approved.write_text(received, encoding="utf-8")

    assert received == approved.read_text(encoding="utf-8")
