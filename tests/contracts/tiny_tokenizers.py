"""Tokenizers that fit on a page, one of every kind that encoders come with."""

from string import ascii_lowercase, digits

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

WORDS = ("my", "card", "was", "charged", "twice", "where", "is", "refund", "reset", "the")
UNSPACED = (
    "返金",
    "カード",
    "二重",
    "請求",
    "ログイン",
    "できません",
    "を",
    "が",
    "は",
    "に",
    "の",
)
SYMBOLS = f"{ascii_lowercase}{digits}?.,!äöüéß返金カード二重請求ログインできませんをがはにの。"


def word_pieces(
    marks: tuple[str, str] = ("[CLS]", "[SEP]"), special: tuple[str, ...] | None = None
) -> Tokenizer:
    """BERT's: words in lower case, and pieces that go on begin with `##`."""
    special = special or ("[PAD]", "[UNK]", *marks, "[MASK]")
    letters = ascii_lowercase + digits
    every = (*special, *WORDS, *letters, *(f"##{one}" for one in letters), "?", ".", ",")
    ids = {token: number for number, token in enumerate(every)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return _marked(tokenizer, marks, special)


def byte_pairs() -> Tokenizer:
    """RoBERTa's: pairs of bytes, so that no character is unknown."""
    special = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges, pieces = [], []
    for word in ("Ġmy", "Ġcard", "Ġwas", "Ġrefund", "where"):
        for end in range(2, len(word) + 1):
            merge = (word[: end - 1], word[end - 1])
            if merge not in merges:
                merges.append(merge)
                pieces.append(word[:end])
    ids = {token: number for number, token in enumerate((*special, *alphabet, *pieces))}
    tokenizer = Tokenizer(models.BPE(ids, merges, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return _marked(tokenizer, ("<s>", "</s>"), special)


def unigrams(
    marks: tuple[str, str] = ("<s>", "</s>"), special: tuple[str, ...] | None = None
) -> Tokenizer:
    """XLM-RoBERTa's: the likeliest pieces of any script, where `▁` stands for a blank."""
    special = special or ("<s>", "<pad>", "</s>", "<unk>")
    whole = [(f"▁{word}", -3.0) for word in WORDS] + [(word, -4.0) for word in UNSPACED]
    singles = [(one, -8.0) for one in ("▁", *dict.fromkeys(SYMBOLS))]
    known = {piece for piece, _ in whole}
    pieces = [(one, 0.0) for one in special]
    pieces += whole + [(one, score) for one, score in singles if one not in known]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=special.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return _marked(tokenizer, marks, special)


def _marked(tokenizer: Tokenizer, marks: tuple[str, str], special: tuple[str, ...]) -> Tokenizer:
    """Put one mark before and one behind every text, as all these encoders want it."""
    first, last = marks
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} $B {last}",
        special_tokens=[(one, tokenizer.token_to_id(one)) for one in marks],
    )
    tokenizer.add_special_tokens(list(special))
    return tokenizer
