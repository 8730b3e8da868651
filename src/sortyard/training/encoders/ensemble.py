"""Two encoders of one shape read together: what they have in common is calculated once."""

import re
from collections.abc import Sequence

import numpy as np

from sortyard.training.encoders.families.known import Weights

LAYER = re.compile(r"encoder\.layer\.(\d+)\.")


def common_layers(one: Weights, other: Weights) -> int:
    """
    Count the layers from below in which two encoders are the same.

    Raises ValueError where they differ in their words, or in anything else that all layers use.
    """
    shared = one.keys() & other.keys()
    different = [name for name in shared if not np.array_equal(one[name], other[name])]
    layers = [LAYER.match(name) for name in different]
    if not all(layers):
        raise ValueError("two encoders are read together only if they read words alike")
    return min((int(found[1]) for found in layers if found), default=_count(one))


def joined(one: Weights, other: Weights) -> Weights:
    """Put the layers of the `other` encoder that are its own behind those of the first."""
    count, common = _count(one), common_layers(one, other)
    found = dict(one)
    for name, values in other.items():
        layer = LAYER.match(name)
        if layer and int(layer[1]) >= common:
            number = count + int(layer[1]) - common
            found[f"encoder.layer.{number}.{name[layer.end() :]}"] = values
    return found


def branch(one: Weights, other: Weights, layers: Sequence[int]) -> tuple[int, ...]:
    """List the layers, counted from 1, of which the other encoder adds blocks of its own."""
    common = common_layers(one, other)
    return tuple(number for number in layers if number > common)


def _count(weights: Weights) -> int:
    return 1 + max(int(found[1]) for name in weights if (found := LAYER.match(name)))
