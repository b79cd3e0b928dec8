"""What was chosen: the network's shape and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# 1.99 M parameters, 8.0 MB in float32. Six narrow layers rather than four wide ones: copying was
# learned by either; choosing (the tool, the next parameter, none) was what failed. Heads of 64
# leave rotary channels slow enough to match tokens by content over the whole context; theta 100,000
# makes more of them slow.
CONFIG: dict[str, Any] = {
    "hidden_size": 160,
    "num_hidden_layers": 6,
    "intermediate_size": 320,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 64,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-6,
    "rope_theta": 100000.0,
}


@dataclass(frozen=True, slots=True)
class Training:
    """``tokens`` are all tokens that pass, padding included; ``batch`` those of one step.

    ``opening`` is the weight of an answer's first token: whether the model calls, asks or declines
    hangs on that one, which is else one of forty.
    """

    seed: int = 0
    tokens: int = 60_000_000
    batch: int = 8_192
    longest: int = 4_096
    rate: float = 2.0e-3
    decay: float = 0.05
    warm: float = 0.01
    fall: float = 0.7
    opening: float = 4.0
    tokenizer_samples: int = 6000
    examine_every: int = 800_000


TRAINING = Training()
