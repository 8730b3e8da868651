"""What a language model learns from, is calibrated on, and is tested on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import NotEnoughData
from sortyard.domain.taxonomy import Node
from sortyard.training.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Prepared texts and the labels that they carry."""

    texts: tuple[str, ...]
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalMaterial:
    """
    Rows that teach, rows that calibrate, and rows that test: no text is in two of them.

    `nodes` are the labels in the order of their paths, numbered as the truth does; among the rows
    that calibrate, `folds` says which are judged together when a calibrator is chosen. Raises
    NotEnoughData where one of the three is empty.
    """

    dimension: str
    nodes: tuple[Node, ...]
    taught: Rows
    held_out: Rows
    folds: NDArray[np.intp]
    test: Rows
    data_hash: str
    split_hash: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for task, rows in (
            ("tune a language model", self.taught),
            ("calibrate a language model", self.held_out),
            ("test a language model", self.test),
        ):
            if not rows.texts:
                raise NotEnoughData(task, found=0, needed=1)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(node.path for node in self.nodes)
