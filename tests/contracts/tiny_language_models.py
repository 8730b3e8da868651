"""Language models that fit on a page: random weights of real families, and a spelling book."""

from pathlib import Path

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

BEGIN, END = "<|begin|>", "<|end|>"
WIDTH, LAYERS, HEADS, POSITIONS = 32, 2, 2, 512
PIECES = (
    *(
        "Sort",
        "Ġthe",
        "Ġmessage",
        "ĠAnswer",
        "Ġwith",
        "Ġone",
        "Ġlabel",
        "Ġand",
        "Ġnothing",
        "Ġelse",
    ),
    *("Label", "Labels", "Message", "access", "billing", "delivery", "Ġaccess", "Ġbilling"),
    *("Ġdelivery", "Ġcard", "Ġinvoice", "Ġlog", "Ġparcel", "Ġpassword", "Ġorder", "Ġplease"),
)
LOUD = 0.3  # weights so wide that every token counts, and that scores can differ
SMALL = {
    "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": 1,
}
FAMILIES = {
    "llama": SMALL,
    "qwen2": {**SMALL, "tie_word_embeddings": True},
    "gpt2": {"n_embd": WIDTH, "n_layer": LAYERS, "n_head": HEADS},
    "bert": SMALL,  # reads both ways, and is none
    "mistral": {**SMALL, "sliding_window": 24},  # shorter than any prompt
    "gemma2": {**SMALL, "head_dim": 16, "sliding_window": 512},  # squashes its scores
}


def write_tiny_language_model(
    folder: Path, family: str, *, seed: int, positions: int = POSITIONS
) -> Path:
    """Write config.json, model.safetensors and the tokenizer's files."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer()
    begin, end = (tokenizer.token_to_id(one) for one in (BEGIN, END))
    config = transformers.AutoConfig.for_model(
        family,
        vocab_size=tokenizer.get_vocab_size(),
        bos_token_id=begin,
        eos_token_id=end,
        pad_token_id=end,
        initializer_range=LOUD,
        **FAMILIES[family],
        max_position_embeddings=positions,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = transformers.AutoModelForCausalLM.from_config(config)
    model.save_pretrained(folder)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BEGIN, eos_token=END, pad_token=END
    ).save_pretrained(folder)
    return folder


def _tokenizer() -> Tokenizer:
    """Pairs of bytes, so that no character is unknown, and a mark at the beginning."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges, pieces = [], []
    for word in PIECES:
        for end in range(2, len(word) + 1):
            merge = (word[: end - 1], word[end - 1])
            if merge not in merges:
                merges.append(merge)
                pieces.append(word[:end])
    ids = {one: number for number, one in enumerate((BEGIN, END, *alphabet, *pieces))}
    tokenizer = Tokenizer(models.BPE(ids, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A", special_tokens=[(BEGIN, ids[BEGIN])]
    )
    tokenizer.add_special_tokens([BEGIN, END])
    return tokenizer
