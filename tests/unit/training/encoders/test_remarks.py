"""A report says where an encoder is used otherwise than its publisher does."""

import json
from pathlib import Path

import pytest

from sortyard.training.encoders.remarks import encoder_remarks
from sortyard.training.encoders.weights import EncoderFiles

MODULES = "modules.json"
POOLING = "1_Pooling/config.json"
PROMPTS = "config_sentence_transformers.json"
TRANSFORMER = {"type": "sentence_transformers.models.Transformer"}


def remarks(folder: Path, name: str, content: object) -> list[str]:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return list(encoder_remarks(EncoderFiles(folder, "tiny", "0")))


def test_a_plain_folder_has_nothing_to_say(tmp_path: Path) -> None:
    assert list(encoder_remarks(EncoderFiles(tmp_path, "tiny", "0"))) == []


@pytest.mark.parametrize(
    ("pooling", "said"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, 0),
        ({"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}, 1),
        ({"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True}, 1),
        ({"pooling_mode": "mean"}, 0),
        ({"pooling_mode": "cls"}, 1),
        ({"word_embedding_dimension": 384}, 0),
    ],
)
def test_another_pooling_is_said(tmp_path: Path, pooling: object, said: int) -> None:
    assert len(remarks(tmp_path, POOLING, pooling)) == said


def test_prompts_are_said_by_name(tmp_path: Path) -> None:
    (told,) = remarks(tmp_path, PROMPTS, {"prompts": {"query": "query: ", "document": ""}})
    assert "prompts ('query'), none is put before a message" in told


def test_prompts_without_a_word_are_none(tmp_path: Path) -> None:
    assert remarks(tmp_path, PROMPTS, {"prompts": {"query": "", "document": ""}}) == []


def test_a_part_that_is_left_out_is_named(tmp_path: Path) -> None:
    dense = {"type": "sentence_transformers.models.Dense"}
    (told,) = remarks(tmp_path, MODULES, [TRANSFORMER, dense])
    assert "'Dense' is left out" in told


def test_the_usual_parts_are_ours_too(tmp_path: Path) -> None:
    normal = {"type": "sentence_transformers.models.Normalize"}
    assert remarks(tmp_path, MODULES, [TRANSFORMER, normal]) == []


@pytest.mark.parametrize("name", [MODULES, POOLING, PROMPTS])
@pytest.mark.parametrize("content", [None, [], [1], {}, "a", {"prompts": 3}])
def test_files_that_say_something_else_are_not_minded(
    tmp_path: Path, name: str, content: object
) -> None:
    assert remarks(tmp_path, name, content) == []
