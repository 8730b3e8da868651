"""What differs between families of language models."""

from collections.abc import Mapping
from typing import Final

GATED = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
EVERY = "all-linear"  # PEFT's word for all that multiply, but the one that speaks

# All that multiply, not attention alone, which is where low ranks do best (Dettmers et al.,
# "QLoRA", NeurIPS 2023). A family that is not named here gets all that PEFT finds.
MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    "gemma": GATED,
    "gemma2": GATED,
    "gemma3_text": GATED,
    "gpt2": ("c_attn", "c_proj", "c_fc"),
    "gpt_neox": ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"),
    "granite": GATED,
    "llama": GATED,
    "mistral": GATED,
    "olmo2": GATED,
    "olmo3": GATED,
    "phi3": ("qkv_proj", "o_proj", "gate_up_proj", "down_proj"),
    "qwen2": GATED,
    "qwen3": GATED,
    "smollm3": GATED,
}

# Classes whose safetensors `ollama create` converts by itself; others need llama.cpp's converter.
# Read in Ollama's own source (convert/convert.go, August 2026).
OLLAMA: Final = frozenset(
    {
        "CohereForCausalLM",
        "Gemma2ForCausalLM",
        "Gemma3ForCausalLM",
        "GemmaForCausalLM",
        "LlamaForCausalLM",
        "MixtralForCausalLM",
        "Olmo3ForCausalLM",
        "Phi3ForCausalLM",
        "Qwen2ForCausalLM",
    }
)


def modules_of(family: str, asked: tuple[str, ...]) -> tuple[str, ...] | str:
    """Name the weights that get an adapter: those asked for, or the family's."""
    return asked or MODULES.get(family, EVERY)
