"""Files that start a tuned language model elsewhere: in vLLM, and in Ollama."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sortyard.training.tuning.causal.export import write_json
from sortyard.training.tuning.causal.families import OLLAMA
from sortyard.training.tuning.causal.prompt import Prompt

NAME: Final = "sortyard"
EXAMPLE: Final = "My card was charged twice this month"
VLLM_FILE, MODEL_FILE, README_FILE = "vllm.sh", "Modelfile", "README.md"
REQUEST_FILE: Final = "request.json"

VLLM = """#!/bin/sh
# Serves merged/ with vLLM (0.12 or later), on this machine alone and without the network.
# Any option of `vllm serve` may follow, as in: ./vllm.sh --gpu-memory-utilization 0.5
# request.json is an example of what to ask it; README.md says how.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export HF_HUB_OFFLINE=1
exec vllm serve "$here/merged" \\
  --served-model-name {name} \\
  --host 127.0.0.1 --port "${{PORT:-8000}}" \\
  --max-model-len {most} \\
  --generation-config vllm \\
  --enable-prefix-caching \\
  "$@"
"""

MODELFILE = """{how}
FROM {source}
TEMPLATE \"\"\"{template}\"\"\"
PARAMETER temperature 0
PARAMETER top_k 1
PARAMETER num_predict {answer}
PARAMETER num_ctx {most}
PARAMETER stop "\\n"
"""
CONVERTED = "# Ollama converts these weights by itself: ollama create {name} -f Modelfile"
TO_CONVERT = """# Ollama does not convert {kind} by itself. First, with llama.cpp's own script:
#   python convert_hf_to_gguf.py merged --outfile merged.gguf
# and then: ollama create {name} -f Modelfile"""

README = """# A language model that sorts messages by `{dimension}`

Tuned by `sortyard tune-lm` on {base}. {labels} labels; `metrics.json` says how it measured.

| file | what |
|---|---|
| `adapter/` | the LoRA adapter alone, for the model it was tuned on |
| `merged/` | that model with the adapter merged into it |
| `prompt.json` | the text around a message: `head`, the message on one line, `tail` |
| `labels.json` | the labels |
| `calibration.json` | what makes probabilities of the labels' log-probabilities |
| `checksums.json` | of all that answers depend on |

## In Python, with a confidence

    from sortyard.training.tuning.causal.classifier import CausalClassifier

    classifier = CausalClassifier.open("this folder")
    classifier.classify_batch(["{example}"])

This is the only way that gives a calibrated confidence: it weighs every label as a whole. The
servers below spell one label, token by token; what they say of its probability is not calibrated.

## vLLM

    ./vllm.sh
    curl -H 'Content-Type: application/json' -d @request.json http://127.0.0.1:8000/v1/completions

`structured_outputs.choice` in the request keeps it to the labels (vLLM before 0.12 calls it
`guided_choice`, at the top level). The prompt must be that of `prompt.json`, with the message on
one line: the model has seen no other. The adapter alone: `vllm serve BASE --enable-lora
--lora-modules {name}=adapter`, with BASE as published.

## Ollama

    ollama create {name} -f Modelfile
    ollama run {name} "{example}"

{ollama} Nothing keeps Ollama to the labels: hold its answer against `labels.json`, and let a person
decide where it is none of them. Its `format` option would have it spell JSON, which this model was
not taught.
"""
BY_ITSELF = "Ollama converts `merged/` by itself."
BY_SCRIPT = "`Modelfile` says how to convert `merged/` to GGUF first; Ollama cannot read {kind}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What a server has to know of a tuned model."""

    prompt: Prompt
    dimension: str
    labels: Sequence[str]
    base: str
    kind: str  # the class that config.json names
    answer: int  # tokens of the longest label, with its end mark
    most: int  # tokens of the longest prompt with an answer

    def write(self, folder: Path) -> None:
        """Write all files beside the model."""
        script = folder / VLLM_FILE
        script.write_text(VLLM.format(name=NAME, most=self.most), encoding="utf-8")
        script.chmod(0o755)
        write_json(folder / REQUEST_FILE, self._request())
        (folder / MODEL_FILE).write_text(self._model_file(), encoding="utf-8")
        (folder / README_FILE).write_text(self._readme(), encoding="utf-8")

    @property
    def _converts(self) -> bool:
        return self.kind in OLLAMA

    def _request(self) -> dict[str, object]:
        return {
            "model": NAME,
            "prompt": self.prompt.around(self.prompt.line(EXAMPLE)),
            "temperature": 0,
            "max_tokens": self.answer,
            "structured_outputs": {"choice": list(self.labels)},
        }

    def _model_file(self) -> str:
        how = CONVERTED if self._converts else TO_CONVERT
        prompt = self.prompt
        return MODELFILE.format(
            how=how.format(name=NAME, kind=self.kind),
            source="./merged" if self._converts else "./merged.gguf",
            template=f"{_in_go(prompt.head)}{{{{ .Prompt }}}}{_in_go(prompt.tail)}",
            answer=self.answer,
            most=self.most,
        )

    def _readme(self) -> str:
        return README.format(
            dimension=self.dimension,
            base=self.base,
            labels=len(self.labels),
            example=EXAMPLE,
            name=NAME,
            ollama=(BY_ITSELF if self._converts else BY_SCRIPT).format(kind=self.kind),
        )


def _in_go(text: str) -> str:
    """Write a text so that Go's templates, and the quotes around them, leave it as it is."""
    return text.replace("{{", '{{ "{{" }}').replace('"""', '{{ `"` }}' * 3)
