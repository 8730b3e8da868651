"""Which family an encoder is of, and its weights under the names of BERT."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.training.encoders.families.albert import ALBERT
from sortyard.training.encoders.families.bert import BERT
from sortyard.training.encoders.families.distilbert import DISTILBERT
from sortyard.training.encoders.families.electra import ELECTRA
from sortyard.training.encoders.families.family import Family
from sortyard.training.encoders.families.mpnet import MPNET
from sortyard.training.encoders.families.roberta import ROBERTA

Weights: TypeAlias = Mapping[str, NDArray[np.float32]]

FAMILIES: Mapping[str, Family] = {
    one: family
    for family in (BERT, DISTILBERT, ROBERTA, MPNET, ELECTRA, ALBERT)
    for one in family.types
}
# What norms were called before PyTorch had its own; old checkpoints still do.
OLD_NAMES = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}


def as_bert(weights: Mapping[str, NDArray[np.generic]], family: Family) -> Weights:
    """Give weights in float32, under the names that a bare BERT has for them."""
    return {_name(one, family): np.asarray(value, np.float32) for one, value in weights.items()}


def _name(name: str, family: Family) -> str:
    for prefix in family.prefixes:
        name = name.removeprefix(prefix)
    for theirs, ours in {**OLD_NAMES, **family.names}.items():
        name = name.replace(theirs, ours)
    return name
