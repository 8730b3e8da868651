"""Launch files say what a server has to be told, whatever the labels' definitions hold."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from sortyard.training.tuning.causal.prompt import Form, Prompt

pytest.importorskip("torch", reason="needs the extra `tune`")
pytest.importorskip("transformers", reason="needs the extra `tune`")

from sortyard.training.tuning.causal.launch import Launch

LAUNCH = Launch(
    prompt=Prompt(form=Form.CARDS, head='- a: {{ .System }} """ "\nMessage: ', labels=("a", "b")),
    dimension="team",
    labels=("a", "b"),
    base="tiny",
    kind="LlamaForCausalLM",
    answer=7,
    most=300,
)


def template(folder: Path) -> str:
    """Read the template as Ollama's parser does: all between the first and the next quotes."""
    (found,) = re.findall(r'TEMPLATE """(.*?)"""', (folder / "Modelfile").read_text(), re.DOTALL)
    return str(found)


def rendered(text: str, message: str) -> str:
    """Fill a template of Go that has nothing but the message and quoted strings."""
    values = {".Prompt": message, '"{{"': "{{", '`"`': '"'}
    return re.sub(r"\{\{ (\.Prompt|\"\{\{\"|`\"`) \}\}", lambda found: values[found[1]], text)


def test_a_template_comes_to_the_prompt(tmp_path: Path) -> None:
    LAUNCH.write(tmp_path)

    assert rendered(template(tmp_path), "hello") == LAUNCH.prompt.around("hello")


def test_a_model_that_ollama_cannot_read_is_converted_first(tmp_path: Path) -> None:
    replace(LAUNCH, kind="GPT2LMHeadModel").write(tmp_path)
    model_file = (tmp_path / "Modelfile").read_text()

    assert "\nFROM ./merged.gguf\n" in model_file
    assert "convert_hf_to_gguf.py merged --outfile merged.gguf" in model_file
    assert "cannot read GPT2LMHeadModel" in (tmp_path / "README.md").read_text()


def test_the_request_is_for_the_labels_and_nothing_else(tmp_path: Path) -> None:
    LAUNCH.write(tmp_path)
    request = json.loads((tmp_path / "request.json").read_text())

    assert request["structured_outputs"] == {"choice": ["a", "b"]}
    assert (request["temperature"], request["max_tokens"]) == (0, 7)
    assert request["prompt"] == LAUNCH.prompt.around("My card was charged twice this month")


def test_the_script_starts_what_lies_beside_it(tmp_path: Path) -> None:
    """With a `vllm` that says what it was asked."""
    LAUNCH.write(tmp_path)
    fake = tmp_path / "bin" / "vllm"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$HF_HUB_OFFLINE" "$@"\n')
    fake.chmod(0o755)
    said = subprocess.run(
        [tmp_path / "vllm.sh", "--seed", "1"],
        env={"PATH": f"{fake.parent}:/usr/bin:/bin", "PORT": "9001"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert said[:3] == ["1", "serve", str(tmp_path / "merged")]
    assert said[said.index("--port") + 1] == "9001"
    assert said[said.index("--max-model-len") + 1] == "300"
    assert said[-2:] == ["--seed", "1"]
