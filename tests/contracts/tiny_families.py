"""One tiny encoder of every family, as its publisher would have written it, with random weights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from tests.contracts.tiny_tokenizers import byte_pairs, unigrams, word_pieces

LAYERS, WIDTH = 4, 32
SIZES = {
    "hidden_size": WIDTH,
    "intermediate_size": 64,
    "num_attention_heads": 4,
    "num_hidden_layers": LAYERS,
    "max_position_embeddings": 302,
}
MPNET_SPECIAL = ("<s>", "<pad>", "</s>", "[UNK]", "<mask>")
ALBERT_SPECIAL = ("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True, slots=True)
class Tiny:
    """What a family's smallest encoder is made of."""

    type: str
    tokenizer: Callable[[], Tokenizer]
    changes: Mapping[str, Any] = field(default_factory=dict)


FAMILIES: Mapping[str, Tiny] = {
    "bert": Tiny("bert", word_pieces, {"max_position_embeddings": 60}),
    "bert with a tangent": Tiny("bert", word_pieces, {"hidden_act": "gelu_new"}),
    "bert of many languages": Tiny("bert", unigrams),
    "distilbert": Tiny(
        "distilbert",
        word_pieces,
        {"dim": WIDTH, "hidden_dim": 64, "n_heads": 4, "n_layers": LAYERS},
    ),
    "roberta": Tiny("roberta", byte_pairs, {"type_vocab_size": 1, "pad_token_id": 1}),
    "xlm-roberta": Tiny("xlm-roberta", unigrams, {"type_vocab_size": 1, "pad_token_id": 1}),
    "camembert": Tiny(
        "camembert",
        lambda: unigrams(special=("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<s>", "</s>")),
        {"type_vocab_size": 1, "pad_token_id": 1, "bos_token_id": 4, "eos_token_id": 5},
    ),
    "mpnet": Tiny("mpnet", lambda: word_pieces(("<s>", "</s>"), MPNET_SPECIAL)),
    "electra": Tiny("electra", word_pieces, {"embedding_size": WIDTH}),
    "electra, narrow": Tiny("electra", word_pieces, {"embedding_size": 16}),
    "albert": Tiny(
        "albert",
        lambda: unigrams(("[CLS]", "[SEP]"), ALBERT_SPECIAL),
        {"embedding_size": 16, "pad_token_id": 0},
    ),
    "albert of two groups": Tiny(
        "albert",
        lambda: unigrams(("[CLS]", "[SEP]"), ALBERT_SPECIAL),
        {"embedding_size": WIDTH, "num_hidden_groups": 2, "pad_token_id": 0},
    ),
}


def write_tiny(name: str, folder: Path, *, seed: int = 20, **changes: object) -> Path:
    """Write config.json, model.safetensors and tokenizer.json of one family with transformers."""
    torch = pytest.importorskip("torch", reason="needs the parity extra")
    transformers = pytest.importorskip("transformers", reason="needs the parity extra")
    tiny = FAMILIES[name]
    tokenizer = tiny.tokenizer()
    sizes = {**SIZES, "vocab_size": tokenizer.get_vocab_size(), **tiny.changes, **changes}
    model = transformers.AutoModel.from_config(
        transformers.AutoConfig.for_model(tiny.type, **sizes)
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        with torch.no_grad():
            for one in model.parameters():  # also biases and norms, which begin as 0 and 1
                one.normal_(1.0 if one.ndim == 1 else 0.0, 0.15)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
