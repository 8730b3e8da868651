"""A BERT that fits on a page: random weights and a spelling-book vocabulary."""

import json
from pathlib import Path
from string import ascii_lowercase, digits

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = ("my", "card", "was", "charged", "twice", "where", "is", "refund", "reset", "the")
LAYERS, WIDTH, HEADS, INNER, POSITIONS = 3, 32, 4, 64, 48


def write_tiny_bert(folder: Path, rng: np.random.Generator, **changes: object) -> Path:
    """Write config.json, model.safetensors and tokenizer.json; `changes` go to the config."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = ascii_lowercase + digits
    vocabulary = (*MARKS, *WORDS, *letters, *(f"##{one}" for one in letters), "?", ".", ",")
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": WIDTH,
        "intermediate_size": INNER,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": POSITIONS,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "type_vocab_size": 2,
        "vocab_size": len(vocabulary),
    }
    (folder / "config.json").write_text(json.dumps(config | changes), encoding="utf-8")
    save_file(_weights(len(vocabulary), rng), folder / "model.safetensors")
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    return folder


def _weights(size: int, rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (size, WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    dense = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        norms += [f"{name}.attention.output.LayerNorm", f"{name}.output.LayerNorm"]
        for part, shape in dense.items():
            shapes[f"{name}.{part}.weight"] = shape
            shapes[f"{name}.{part}.bias"] = shape[:1]
    weights = {name: rng.normal(0.0, 0.25, shape) for name, shape in shapes.items()}
    for norm in norms:
        weights[f"{norm}.weight"] = rng.normal(1.0, 0.1, WIDTH)
        weights[f"{norm}.bias"] = rng.normal(0.0, 0.1, WIDTH)
    return {name: values.astype(np.float32) for name, values in weights.items()}


def _tokenizer(vocabulary: tuple[str, ...]) -> Tokenizer:
    ids = {token: number for number, token in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    tokenizer.add_special_tokens(list(MARKS))
    return tokenizer
