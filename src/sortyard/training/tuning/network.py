"""An encoder as PyTorch runs and changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from sortyard.domain.errors import UnsupportedEncoder, listing
from sortyard.models.engines.tokens import Tokeniser
from sortyard.training.encoders.shape import EncoderShape
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.tuning.silence import in_silence
from sortyard.training.tuning.tokens import Padded, TokenTable

DROPOUTS = ("hidden_dropout_prob", "hidden_dropout", "dropout", "embedding_dropout")
ATTENTION_DROPOUTS = ("attention_probs_dropout_prob", "attention_dropout")
POOLER = "pooler."  # what comes after the last layer, and is not used where tokens are averaged
TEXTS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Network:
    """
    A transformer whose sentence vector is the mean over its last layer's tokens.

    `unpublished` names weights that its class has and its publisher left out; nothing uses them.
    """

    model: transformers.PreTrainedModel
    unpublished: frozenset[str]
    width: int
    padding: int
    device: torch.device

    def vectors(self, tokens: TokenTable, rows: NDArray[np.intp]) -> Tensor:
        """Read some texts: vectors of length one, (rows, width), in float32."""
        batch = tokens.take(rows)
        hidden = self.hidden(batch)
        weights = torch.from_numpy(batch.mask).to(self.device).unsqueeze(-1).to(hidden.dtype)
        means = (hidden * weights).sum(dim=1) / weights.sum(dim=1)
        return functional.normalize(means, dim=-1)

    def hidden(self, batch: Padded) -> Tensor:
        """Read a rectangle of word pieces: the last layer, (rows, tokens, width), in float32."""
        mask = torch.from_numpy(batch.mask).to(self.device)
        # In bfloat16 where that is quicker: on a GPU; processors are slower with it.
        on_gpu = self.device.type == "cuda"
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=on_gpu):
            found = self.model(
                input_ids=torch.from_numpy(batch.ids).to(self.device),
                # Without a mask attention takes a quicker way.
                attention_mask=None if batch.mask.all() else mask,
            )
        return torch.as_tensor(found.last_hidden_state.float())

    def read(self, tokens: TokenTable, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Read many texts without learning from them, (rows, width), batched by length."""
        found = np.empty((len(rows), self.width), dtype=np.float32)
        order = np.argsort(-tokens.lengths[rows], kind="stable")
        was_training = self.model.training
        self.model.eval()
        with torch.inference_mode():
            for start in range(0, len(order), TEXTS_AT_ONCE):
                part = order[start : start + TEXTS_AT_ONCE]
                found[part] = self.vectors(tokens, rows[part]).cpu().numpy()
        self.model.train(was_training)
        return found


class Reading(Protocol):
    """How texts are read while an encoder learns, as `Tuning` says what each of them means."""

    @property
    def dropout(self) -> float: ...
    @property
    def frozen_words(self) -> bool: ...
    @property
    def frozen_layers(self) -> int: ...
    @property
    def most_tokens(self) -> int: ...


def open_to_learn(files: EncoderFiles, options: Reading) -> tuple[Network, Tokeniser]:
    """
    Open an encoder on the best device, and what cuts its texts.

    Raises UnsupportedEncoder, also for one that could be tuned and then not exported.
    """
    shape = EncoderShape.read(files)
    network = open_network(
        files,
        dropout=options.dropout,
        frozen_words=options.frozen_words,
        frozen_layers=options.frozen_layers,
        device=best_device(),
    )
    most = min(options.most_tokens, shape.max_tokens)
    return network, Tokeniser.open(files.folder, max_tokens=most)


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
        with in_silence():
            config = transformers.AutoConfig.from_pretrained(
                files.folder, trust_remote_code=False, local_files_only=True
            )
            for name in DROPOUTS + ATTENTION_DROPOUTS:
                if hasattr(config, name):
                    setattr(config, name, 0.0 if name in ATTENTION_DROPOUTS else dropout)
            model, told = transformers.AutoModel.from_pretrained(
                files.folder,
                config=config,
                trust_remote_code=False,
                local_files_only=True,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
            )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise UnsupportedEncoder(files.name, [f"transformers cannot load it ({error})"]) from error
    missing = frozenset(told["missing_keys"])
    if needed := sorted(name for name in missing if not name.startswith(POOLER)):
        raise UnsupportedEncoder(files.name, [f"its weights lack {listing(needed)}"])
    network = _network(model.to(device), missing, config, device)
    _freeze(model, files, words=frozen_words, layers=frozen_layers)
    return network


def best_device() -> torch.device:
    """Choose a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _network(
    model: transformers.PreTrainedModel,
    unpublished: frozenset[str],
    config: Any,  # noqa: ANN401 -- a class for every family
    device: torch.device,
) -> Network:
    padding = getattr(config, "pad_token_id", None) or 0
    return Network(model, unpublished, config.hidden_size, padding, device)


def _freeze(
    model: transformers.PreTrainedModel, files: EncoderFiles, *, words: bool, layers: int
) -> None:
    """Take from learning what shall stay, and what comes after the last layer."""
    stack = layers_of(model)
    if layers and layers >= len(stack):
        problem = f"it has {len(stack)} layers, and {layers} are frozen"
        raise UnsupportedEncoder(files.name, [problem])
    parts = [
        *stack[:layers],
        getattr(model, "embeddings", None) if layers else None,
        getattr(model, "pooler", None),
        model.get_input_embeddings() if words else None,
    ]
    for part in parts:
        for parameter in part.parameters() if isinstance(part, nn.Module) else ():
            parameter.requires_grad = False


def layers_of(model: nn.Module) -> Sequence[nn.Module]:
    """Find the transformer's layers, from below: the longest list of modules in it."""
    lists = [list(one) for one in model.modules() if isinstance(one, nn.ModuleList)]
    return max(lists, key=len, default=[])
