"""Fit labels and messages into what a language model can read."""

from collections.abc import Sequence
from typing import Final

from sortyard.domain.errors import UnusableLanguageModel
from sortyard.domain.taxonomy import Node
from sortyard.training.tuning.causal.language_model import LanguageModel
from sortyard.training.tuning.causal.options import CausalTuning
from sortyard.training.tuning.causal.prompt import Form, Prompt, choose_prompt, write_prompt

FEWEST_TOKENS: Final = 16  # of a message; less says nothing
SEAMS: Final = 8  # tokens more than counted, where texts are put together


def fit_prompt(model: LanguageModel, nodes: Sequence[Node], options: CausalTuning) -> Prompt:
    """
    Choose how labels are told and how long a message may be.

    At least half of what the model can read is for the message where that is short. Raises
    UnusableLanguageModel where there is no room for both.
    """
    most = options.most_tokens
    bare = write_prompt((), form=Form.BARE, marks=(), most_tokens=most)
    labels = [node.path for node in nodes]
    answer = max(map(len, model.label_ids(labels, bare)))
    room = model.positions - answer - SEAMS - _around(model, bare)
    if room < FEWEST_TOKENS:
        problem = f"it reads {model.positions} tokens, too few for a message and its label"
        raise UnusableLanguageModel(str(model.folder), [problem])
    prompt = choose_prompt(
        nodes,
        count=lambda text: len(model.ids(text)),
        most_label_tokens=min(options.most_label_tokens, room - min(most, room // 2)),
        marks=model.marks,
        most_tokens=most,
    )
    left = model.positions - answer - SEAMS - _around(model, prompt)
    return prompt.cut_at(min(most, left))


def _around(model: LanguageModel, prompt: Prompt) -> int:
    """Count the tokens around a message."""
    return len(model.ids(prompt.around("")))
