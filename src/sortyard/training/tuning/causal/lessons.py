"""Prompts with their answers as tokens, and batches of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.training.truth import Truth
from sortyard.training.tuning.batches import Batches
from sortyard.training.tuning.causal.options import CausalTuning
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.sampling import repeats_of


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of prompts with their answers, padded in front; (rows, tokens) each."""

    ids: Tensor
    mask: Tensor
    places: Tensor
    answers: Tensor  # (rows, longest answer): whether the token at the end belongs to the answer


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt: after each prompt comes the label of its row, and the end mark."""

    prompts: Sequence[Sequence[int]]
    sequences: Sequence[tuple[int, ...]]  # of every label
    truth: Truth
    padding: int

    def batches(self, options: CausalTuning, *, seed: int) -> Batches:
        """Say which rows meet in a batch, and how often each is drawn."""
        rows = np.arange(len(self.prompts))
        subject = Subject(name="label", rows=rows, truth=self.truth, labels=(), cards=())
        drawing = Tuning(sampling=options.sampling, imbalance=options.imbalance)
        return Batches(
            lengths=np.array([len(one) for one in self.prompts], dtype=np.int64),
            repeats=repeats_of([subject], len(rows), drawing),
            size=options.batch,
            seed=seed,
        )

    def piece(self, rows: NDArray[np.intp], device: torch.device) -> Piece:
        """Lay some rows side by side, their ends flush."""
        answers = [self.sequences[self.truth.single[row]] for row in rows]
        whole = [[*self.prompts[row], *own] for row, own in zip(rows, answers, strict=True)]
        longest, longest_answer = max(map(len, whole)), max(map(len, answers))
        ids = [[self.padding] * (longest - len(one)) + one for one in whole]
        lengths = torch.tensor([len(one) for one in whole], device=device)
        own = torch.tensor([len(one) for one in answers], device=device)
        places = torch.arange(longest, device=device) - (longest - lengths)[:, None]
        spoken = torch.arange(longest_answer, device=device)
        return Piece(
            ids=torch.tensor(ids, device=device),
            mask=(places >= 0).long(),
            places=places.clamp(min=0),
            answers=spoken >= (longest_answer - own)[:, None],
        )
