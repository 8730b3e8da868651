"""Word pieces in one flat array are those of the tokeniser."""

from pathlib import Path

import numpy as np
import pytest

from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.tuning import tokens
from sortyard.training.tuning.tokens import TokenTable
from tests.unit.training.tuning.courses import tiny_encoder

TEXTS = ("my card", "", "where is my refund", "zzz", "the")


@pytest.mark.parametrize("at_once", [2, 100])
def test_texts_lie_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(tokens, "TEXTS_AT_ONCE", at_once)
    tokeniser = Tokeniser.open(tiny_encoder(tmp_path).folder, max_tokens=5)
    table = TokenTable.of(TEXTS, tokeniser, padding=7)
    rows = np.array([4, 2, 1])
    taken = table.take(rows)
    ids = tokeniser.ids(TEXTS)

    assert table.lengths.tolist() == [len(one) for one in ids]
    assert [row[mask].tolist() for row, mask in zip(taken.ids, taken.mask, strict=True)] == [
        ids[row] for row in rows
    ]
    assert set(taken.ids[~taken.mask].tolist()) == {7}
    assert taken.ids.shape == (3, 5)


def test_no_texts_are_no_tokens(tmp_path: Path) -> None:
    tokeniser = Tokeniser.open(tiny_encoder(tmp_path).folder, max_tokens=5)

    assert TokenTable.of((), tokeniser, padding=0).lengths.tolist() == []
