"""The log-probability of every label, given a prompt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeAlias

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from torch import Tensor

from sortyard.training.tuning.causal.language_model import LanguageModel
from sortyard.training.tuning.causal.trie import MOST_NODES, Trie, tries_of

Remembered: TypeAlias = tuple[tuple[Tensor, Tensor], ...]  # keys and values of every layer
Scores: TypeAlias = NDArray[np.float32]  # (texts, labels)
Ids: TypeAlias = Sequence[int]

MOST_TOKENS = 16_384
MOST_LOGITS = 50_000_000  # over the vocabulary, 200 MB
PROBED = 3  # labels on which the quick way is held against the plain one
CLOSE = {torch.float32: 1e-2, torch.bfloat16: 0.5}  # nats; for a wrong mask it is many


@dataclass(slots=True)
class LabelScorer:
    """
    Scores labels by the chance that a model spells them out, with their end mark.

    No other answer exists, so an invalid label cannot occur. What prompts have in common is read
    once and remembered; then a prompt reads its own part, and then all labels together, as a tree
    in which every token sees the prompt and the way from the root to itself (as Miao et al.,
    "SpecInfer", ASPLOS 2024, verify guesses). Families that cannot be told who sees whom are read
    one label after the other.
    """

    model: LanguageModel
    sequences: Sequence[tuple[int, ...]]
    plain: bool = False
    most_nodes: int = MOST_NODES
    most_tokens: int = MOST_TOKENS  # that the model reads at once
    tries: list[Trie] = field(init=False)
    _head: tuple[Ids, Remembered] = field(default=((), ()), init=False)

    def __post_init__(self) -> None:
        self.tries = tries_of(self.sequences, most=self.most_nodes)

    @classmethod
    def open(
        cls, model: LanguageModel, sequences: Sequence[tuple[int, ...]], probe: Ids, *, most: int
    ) -> "LabelScorer":
        """
        Choose the quick way where it comes to what the plain one does on a `probe`, a prompt.

        `most` tokens is the longest that there will be: a model that looks back only so far along
        a window would have to forget, which the tree does not.
        """
        window = _window(model.model.config)
        if window is not None and most > window:
            return cls(model, sequences, plain=True)
        few = sequences[:: max(len(sequences) // PROBED, 1)][:PROBED]
        sure = cls(model, few, plain=True).log_probabilities([probe])
        try:
            quick = cls(model, few).log_probabilities([probe])
        except (RuntimeError, TypeError, ValueError, IndexError, AttributeError):
            return cls(model, sequences, plain=True)  # its family takes no mask of our own
        close = np.allclose(quick, sure, atol=CLOSE.get(model.model.dtype, 0.5))
        return cls(model, sequences, plain=not close)

    @torch.inference_mode()
    def log_probabilities(self, prompts: Sequence[Ids]) -> Scores:
        """Score every label for every prompt, (prompts, labels), in nats; no row sums to one."""
        found = np.empty((len(prompts), len(self.sequences)), dtype=np.float32)
        if self.plain:
            for row, ids in enumerate(prompts):
                found[row] = self._one_by_one(ids)
            return found
        order = sorted(range(len(prompts)), key=lambda row: -len(prompts[row]))
        start = 0
        while start < len(order):
            rows = order[start : start + self._rows_at_once(len(prompts[order[start]]))]
            found[rows] = self._together([prompts[row] for row in rows])
            start += len(rows)
        return found

    def _rows_at_once(self, longest: int) -> int:
        nodes = max(len(trie.tokens) for trie in self.tries)
        vocabulary: int = self.model.model.config.get_text_config().vocab_size
        rows = min(self.most_tokens // (longest + nodes), MOST_LOGITS // (nodes * vocabulary))
        return max(rows, 1)

    def _together(self, prompts: Sequence[Ids]) -> Scores:
        shared, head = self._remembered(prompts)
        bodies = [list(ids[shared:-1]) for ids in prompts]  # the last token is the trees' root
        body, mask = self._read(bodies, shared, head)
        found = np.empty((len(prompts), len(self.sequences)), dtype=np.float32)
        for trie in self.tries:
            edges = self._edges(trie, prompts, body, mask)
            found[:, trie.labels] = trie.sums(edges.cpu().numpy())
        return found

    def _remembered(self, prompts: Sequence[Ids]) -> tuple[int, Remembered]:
        """Read what these prompts begin with, but for a last token, unless most of it is known."""
        common = min(_common(prompts), min(map(len, prompts)) - 1)
        known, head = self._head
        had = _common([prompts[0][:common], known])
        if had < common / 2:
            known, had = prompts[0][:common], common
            _, head = self._forward([known], (), self._causal(common), keep=1)
            self._head = (known, head)
        rows = len(prompts)
        return had, tuple(
            (k[:, :, :had].expand(rows, -1, -1, -1), v[:, :, :had].expand(rows, -1, -1, -1))
            for k, v in head
        )

    def _read(
        self, bodies: Sequence[Ids], shared: int, head: Remembered
    ) -> tuple[Remembered, Tensor]:
        """Read each prompt's own part; what is remembered then, and which of it counts."""
        longest = max(map(len, bodies))
        lengths = torch.tensor([len(one) for one in bodies], device=self.model.device)
        counts = torch.arange(longest, device=self.model.device) < lengths[:, None]
        before = torch.ones(len(bodies), shared, dtype=torch.bool, device=self.model.device)
        mask = torch.cat([before, counts], dim=1)
        if not longest:
            return head, mask
        sees = torch.ones(longest, shared + longest, dtype=torch.bool, device=self.model.device)
        sees = sees.tril(shared) & mask[:, None, :]
        own = torch.arange(longest, device=self.model.device)
        sees[:, own, shared + own] = True  # also a padding sees something, so that it is a number
        padded = [[*one, *[self.model.end] * (longest - len(one))] for one in bodies]
        _, body = self._forward(padded, head, sees, keep=1, first=shared)
        return body, mask

    def _edges(self, trie: Trie, prompts: Sequence[Ids], body: Remembered, mask: Tensor) -> Tensor:
        """Give every edge of a tree its log-probability, (prompts, edges)."""
        device, rows = self.model.device, len(prompts)
        family = torch.from_numpy(trie.family).to(device).expand(rows, -1, -1)
        before = mask[:, None, :].expand(-1, len(trie.tokens), -1)
        tokens = [[ids[-1], *trie.tokens[1:].tolist()] for ids in prompts]
        roots = torch.tensor([len(ids) - 1 for ids in prompts], device=device)
        places = roots[:, None] + torch.from_numpy(trie.depths).to(device)
        logits, _ = self._forward(
            tokens,
            body,
            torch.cat([before, family], dim=2),
            keep=len(trie.tokens),
            places=places,
        )
        at = torch.from_numpy(trie.edge_nodes).to(device)
        spoken = logits[:, at, torch.from_numpy(trie.edge_tokens).to(device)]
        return spoken - torch.logsumexp(logits, dim=-1)[:, at]

    def _forward(  # noqa: PLR0913 -- what a model reads, by name
        self,
        ids: Sequence[Ids],
        before: Remembered,
        sees: Tensor,
        *,
        keep: int,
        first: int = 0,
        places: Tensor | None = None,
    ) -> tuple[Tensor, Remembered]:
        """
        Read tokens (rows, tokens) after what is remembered.

        `sees` (rows, tokens, all tokens) says who sees whom. Returns the last `keep` logits in
        float32 and what is remembered then.
        """
        model, device = self.model.model, self.model.device
        hidden = torch.zeros(sees.shape, dtype=model.dtype, device=device)
        hidden.masked_fill_(~sees, torch.finfo(model.dtype).min)
        if places is None:
            places = torch.arange(first, first + len(ids[0]), device=device).expand(len(ids), -1)
        told = model(
            input_ids=torch.tensor(ids, device=device),
            attention_mask=hidden.unsqueeze(1),
            position_ids=places,
            past_key_values=transformers.DynamicCache(before or None),
            use_cache=True,
            logits_to_keep=keep,
        )
        after = tuple((layer.keys, layer.values) for layer in told.past_key_values.layers)
        return told.logits.float(), after

    def _causal(self, count: int) -> Tensor:
        return torch.ones(1, count, count, dtype=torch.bool, device=self.model.device).tril()

    def _one_by_one(self, ids: Ids) -> Scores:
        """Score the labels of one prompt as whole sequences, some at once."""
        longest = max(map(len, self.sequences))
        rows = max(self.most_tokens // (len(ids) + longest), 1)
        parts = [self.sequences[at : at + rows] for at in range(0, len(self.sequences), rows)]
        return np.concatenate([self._whole(ids, part) for part in parts])

    def _whole(self, ids: Ids, part: Sequence[tuple[int, ...]]) -> Scores:
        device, longest = self.model.device, max(map(len, part))
        padded = [[*ids, *one, *[self.model.end] * (longest - len(one))] for one in part]
        lengths = torch.tensor([len(ids) + len(one) for one in part], device=device)
        mask = torch.arange(len(ids) + longest, device=device) < lengths[:, None]
        tokens = torch.tensor(padded, device=device)
        told = self.model.model(
            input_ids=tokens, attention_mask=mask.long(), logits_to_keep=longest + 1
        )
        chances = told.logits[:, :-1].float().log_softmax(dim=-1)
        spoken = chances.gather(2, tokens[:, len(ids) :, None]).squeeze(2)
        found: Scores = (spoken * mask[:, len(ids) :]).sum(dim=1).cpu().numpy()
        return found


def _common(prompts: Sequence[Ids]) -> int:
    """Count the tokens that all begin with."""
    return sum(1 for _ in takewhile(lambda held: len(set(held)) == 1, zip(*prompts, strict=False)))


def _window(config: transformers.PretrainedConfig) -> int | None:
    """Tell how far a model looks back; None where it is all the way."""
    config = config.get_text_config()
    window = getattr(config, "sliding_window", None)
    kinds = getattr(config, "layer_types", None)
    used = "sliding_attention" in kinds if kinds else getattr(config, "use_sliding_window", True)
    return int(window) if window and used else None
