"""What tells one family of encoders from another, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What a configuration calls its sizes: ours, then BERT's.
SIZES: Mapping[str, str] = {
    "layers": "num_hidden_layers",
    "width": "hidden_size",
    "heads": "num_attention_heads",
    "activation": "hidden_act",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """
    A transformer that differs from BERT in names, and in few parts.

    `types` are its `model_type` in a configuration, and `prefixes` what stands before its weights
    in a checkpoint that carries more than the encoder. `sizes` translates from our word to its own,
    `names` from its names of weights to BERT's, one replacement after the other. `typed` families
    have types of tokens.

    Positions count from `first_position`, or with `behind_padding` from behind the number of the
    padding. Word vectors of an `embedding` family may have another size than the layers; where it
    differs, or always with `mapped`, a matrix brings one to the other. `shared` layers are few, and
    serve several times. In a `relative` family attention also hangs on the distance of two tokens.
    """

    types: tuple[str, ...]
    prefixes: tuple[str, ...]
    sizes: Mapping[str, str] = field(default_factory=lambda: SIZES)
    names: Mapping[str, str] = field(default_factory=dict)
    activation: str = "gelu"  # where a configuration does not say
    typed: bool = True
    first_position: int = 0
    behind_padding: bool = False
    embedding: bool = False
    mapped: bool = False
    shared: bool = False
    relative: bool = False
