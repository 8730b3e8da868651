"""An encoder as PyTorch runs and changes it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers.utils import logging

from sortyard.domain.errors import UnsupportedEncoder
from sortyard.training.encoder_weights import EncoderFiles
from sortyard.training.tuning.tokens import TokenTable

DROPOUTS = ("hidden_dropout_prob", "hidden_dropout", "dropout", "embedding_dropout")
ATTENTION_DROPOUTS = ("attention_probs_dropout_prob", "attention_dropout")
TEXTS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Network:
    """A transformer whose sentence vector is the mean over its last layer's tokens."""

    model: transformers.PreTrainedModel
    width: int
    padding: int
    max_tokens: int
    device: torch.device

    def vectors(self, tokens: TokenTable, rows: NDArray[np.intp]) -> Tensor:
        """Read some texts: vectors of length one, (rows, width), in float32."""
        batch = tokens.take(rows)
        mask = torch.from_numpy(batch.mask).to(self.device)
        hidden = self.model(
            input_ids=torch.from_numpy(batch.ids).to(self.device),
            # Without a mask attention takes a quicker way.
            attention_mask=None if batch.mask.all() else mask,
        ).last_hidden_state.float()
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        means = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
        return functional.normalize(means, dim=-1)

    def read(self, tokens: TokenTable, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Read many texts without learning from them, (rows, width), batched by length."""
        found = np.empty((len(rows), self.width), dtype=np.float32)
        order = np.argsort(-tokens.lengths[rows], kind="stable")
        was_training = self.model.training
        self.model.eval()
        with torch.inference_mode(), mixed(self.device):
            for start in range(0, len(order), TEXTS_AT_ONCE):
                part = order[start : start + TEXTS_AT_ONCE]
                found[part] = self.vectors(tokens, rows[part]).cpu().numpy()
        self.model.train(was_training)
        return found


def open_network(
    files: EncoderFiles,
    *,
    dropout: float,
    frozen_words: bool,
    frozen_layers: int,
    device: torch.device,
) -> Network:
    """
    Load published weights with transformers, ready to be tuned.

    Dropout is on hidden states alone: on attention it would forbid the fused kernel, at half the
    speed. Code that comes with an encoder is never run. Raises UnsupportedEncoder.
    """
    try:
        with _in_silence():
            config = transformers.AutoConfig.from_pretrained(
                files.folder, trust_remote_code=False, local_files_only=True
            )
            for name in DROPOUTS + ATTENTION_DROPOUTS:
                if hasattr(config, name):
                    setattr(config, name, 0.0 if name in ATTENTION_DROPOUTS else dropout)
            model = transformers.AutoModel.from_pretrained(
                files.folder,
                config=config,
                trust_remote_code=False,
                local_files_only=True,
                use_safetensors=True,
                attn_implementation="sdpa",
                dtype=torch.float32,
            )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise UnsupportedEncoder(files.name, [f"transformers cannot load it ({error})"]) from error
    network = _network(model.to(device), config, device)
    _freeze(model, files, words=frozen_words, layers=frozen_layers)
    return network


def best_device() -> torch.device:
    """Choose a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@contextmanager
def mixed(device: torch.device) -> Iterator[None]:
    """Calculate in bfloat16 where that is quicker: on a GPU; processors are slower with it."""
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        yield


def _network(model: transformers.PreTrainedModel, config: Any, device: torch.device) -> Network:  # noqa: ANN401 -- a class for every family
    padding = getattr(config, "pad_token_id", None) or 0
    positions = getattr(config, "max_position_embeddings", None) or 512
    if getattr(config, "model_type", "") in OFFSET_FAMILIES:
        positions -= padding + 1  # their positions are counted from behind the padding's number
    return Network(model, config.hidden_size, padding, positions, device)


OFFSET_FAMILIES = frozenset({"roberta", "xlm-roberta", "camembert", "mpnet", "longformer"})


def _freeze(
    model: transformers.PreTrainedModel, files: EncoderFiles, *, words: bool, layers: int
) -> None:
    if words:
        for parameter in model.get_input_embeddings().parameters():
            parameter.requires_grad = False
    if not layers:
        return
    stack = layers_of(model)
    if layers >= len(stack):
        raise UnsupportedEncoder(
            files.name, [f"it has {len(stack)} layers, and {layers} are frozen"]
        )
    embeddings = getattr(model, "embeddings", None)
    for part in (*stack[:layers], *([] if embeddings is None else [embeddings])):
        for parameter in part.parameters():
            parameter.requires_grad = False


def layers_of(model: nn.Module) -> Sequence[nn.Module]:
    """Find the transformer's layers, from below: the longest list of modules in it."""
    lists = [list(one) for one in model.modules() if isinstance(one, nn.ModuleList)]
    return max(lists, key=len, default=[])


@contextmanager
def _in_silence() -> Iterator[None]:
    """Keep transformers from drawing its own bars and from remarks about unused weights."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
