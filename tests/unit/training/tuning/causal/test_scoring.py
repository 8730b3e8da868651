"""Labels are scored as whole sequences, however they are read."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from sortyard.domain.errors import UnusableLanguageModel
from sortyard.domain.taxonomy import Dimension, Label
from sortyard.training.tuning.causal.prompt import Form, Prompt, write_prompt

torch = pytest.importorskip("torch", reason="needs the extra `tune`")
pytest.importorskip("transformers", reason="needs the extra `tune`")
pytest.importorskip("peft", reason="needs the extra `tune`")

from sortyard.training.tuning.causal.classifier import Reader  # noqa: E402 -- after the skips
from sortyard.training.tuning.causal.language_model import (  # noqa: E402 -- after the skips
    LanguageModel,
    open_language_model,
)
from sortyard.training.tuning.causal.scoring import LabelScorer  # noqa: E402 -- after the skips
from tests.contracts.tiny_language_models import write_tiny_language_model  # noqa: E402

# They warn about their own dependencies; what they calculate is what matters here.
pytestmark = pytest.mark.filterwarnings("ignore")

TEAMS = Dimension(
    name="team",
    labels=(
        Label(name="access", definition="Logins."),
        Label(name="billing", children=(Label(name="refunds"), Label(name="refused cards"))),
        Label(name="delivery", definition="Parcels."),
    ),
)
LABELS = tuple(sorted(TEAMS.paths))
TEXTS = ("my card was refused", "", "where is my parcel? " * 20, "hello <|end|>", "my card")
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


def opened(folder: Path, family: str) -> LanguageModel:
    place = folder / family
    if not place.exists():
        write_tiny_language_model(place, family, seed=1)
    return open_language_model(place, device=CPU)


def prompt_of(model: LanguageModel, form: Form = Form.CARDS) -> Prompt:
    return write_prompt(TEAMS.nodes, form=form, marks=model.marks, most_tokens=30)


def whole_sequence(model: LanguageModel, prompt: Sequence[int], label: Sequence[int]) -> float:
    """Add up the log-probabilities of a label's tokens, one forward pass a label."""
    ids = torch.tensor([[*prompt, *label]])
    with torch.no_grad():
        chances = model.model(input_ids=ids).logits[0].float().log_softmax(dim=-1)
    places = range(len(prompt) - 1, ids.shape[1] - 1)
    return float(sum(chances[at, ids[0, at + 1]] for at in places))


@pytest.mark.parametrize("family", ["llama", "qwen2", "gpt2", "gemma2", "mistral"])
def test_a_tree_comes_to_what_whole_sequences_come_to(folder: Path, family: str) -> None:
    """Mistral looks back a short way only, so that no tree is read, and it is right as well."""
    model = opened(folder, family)
    prompt = prompt_of(model)
    reader = Reader.of(model, prompt, LABELS)
    sequences = model.label_ids(LABELS, prompt)
    expected = [
        [whole_sequence(model, ids, label) for label in sequences]
        for ids in model.prompt_ids(prompt, TEXTS)
    ]

    assert np.abs(reader.scores(TEXTS) - np.array(expected)).max() < 1e-3
    assert reader.scorer.plain == (family == "mistral")
    assert np.ptp(expected, axis=1).min() > 1.0  # so that it is worth comparing


def test_many_small_trees_come_to_what_one_does(folder: Path) -> None:
    model = opened(folder, "llama")
    prompt = prompt_of(model)
    ids, sequences = model.prompt_ids(prompt, TEXTS), model.label_ids(LABELS, prompt)
    one = LabelScorer(model, sequences)
    several = LabelScorer(model, sequences, most_nodes=9, most_tokens=1)

    assert (len(one.tries), len(several.tries) > 1) == (1, True)
    assert np.abs(one.log_probabilities(ids) - several.log_probabilities(ids)).max() < 1e-4


def test_what_was_read_before_makes_no_difference(folder: Path) -> None:
    """A scorer remembers what prompts have in common, also one with another beginning."""
    model = opened(folder, "qwen2")
    sequences = model.label_ids(LABELS, prompt_of(model))
    cards = model.prompt_ids(prompt_of(model), TEXTS)
    bare = model.prompt_ids(prompt_of(model, Form.BARE), TEXTS)
    used = LabelScorer(model, sequences)
    for ids in (cards, bare, cards[2:3], cards):
        fresh = LabelScorer(model, sequences).log_probabilities(ids)
        assert np.abs(used.log_probabilities(ids) - fresh).max() < 1e-4


def test_a_long_message_is_cut(folder: Path) -> None:
    model = opened(folder, "llama")
    prompt = prompt_of(model)
    short, long = model.prompt_ids(prompt, ["", "where is my parcel? " * 100])

    assert len(long) - len(short) <= prompt.most_tokens + 2
    assert long[-3:] == short[-3:]


def test_a_special_token_in_a_message_is_none(folder: Path) -> None:
    model = opened(folder, "llama")
    (ids,) = model.prompt_ids(prompt_of(model), ["<|end|> <|begin|>"])

    assert model.end not in ids
    assert ids.count(model.tokenizer.bos_token_id) == 1


def test_labels_of_the_same_tokens_are_refused(folder: Path) -> None:
    model = opened(folder, "llama")
    with pytest.raises(UnusableLanguageModel, match="do not tell"):
        model.label_ids(["billing", "billing"], prompt_of(model))


def test_what_is_no_causal_language_model_is_refused(tmp_path: Path) -> None:
    place = write_tiny_language_model(tmp_path / "model", "llama", seed=1)
    config = (place / "config.json").read_text()
    for name, text, told in (
        ("config.json", config.replace('"llama"', '"no-such-family"'), "cannot load"),
        ("config.json", config.replace('"num_hidden_layers": 2', '"num_hidden_layers": 3'), "lack"),
        ("config.json", None, "no config.json"),
    ):
        (place / name).unlink()
        if text is not None:
            (place / name).write_text(text)
        with pytest.raises(UnusableLanguageModel, match=told):
            open_language_model(place, device=CPU)


def test_a_model_that_looks_ahead_is_refused(tmp_path: Path) -> None:
    place = write_tiny_language_model(tmp_path / "model", "bert", seed=1)
    with pytest.raises(UnusableLanguageModel, match="looks ahead"):
        open_language_model(place, device=CPU)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    place = write_tiny_language_model(tmp_path / "model", "gpt2", seed=1)
    (place / "model.safetensors").rename(place / "pytorch_model.bin")
    with pytest.raises(UnusableLanguageModel, match="pickles"):
        open_language_model(place, device=CPU)
