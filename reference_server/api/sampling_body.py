"""The fields of a body that say how tokens are chosen, the same for chats and completions.

OpenAI's specification has the first group; ``top_k``, ``min_p``, ``repetition_penalty`` and
``stop_token_ids`` are named as vLLM names them, whose clients send them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from reference_server.api.field_schemas import OBJECT, told
from reference_server.api.fields import Body, OpenAIStop, Probability, fault

# OpenAI's API reference: mathematically, the bias is added to the logits; -100 to 100.
BIAS_LIMIT = 100.0

# A row's bias is a vector of the vocabulary; more entries than this are no correction any more.
MAX_BIASES = 1024

Penalty = Annotated[float, Field(ge=-2, le=2)]


def _biases(value: dict[str, Any]) -> dict[str, Any]:
    if len(value) > MAX_BIASES:
        raise fault(f"must have at most {MAX_BIASES} entries")
    for token, bias in value.items():
        if not (token.isascii() and token.isdigit() and len(token) <= 9):
            raise fault("must have token ids as keys")
        number = isinstance(bias, (int, float)) and not isinstance(bias, bool)
        if not number or not -BIAS_LIMIT <= bias <= BIAS_LIMIT:
            raise fault(f"must have numbers from {-BIAS_LIMIT:.0f} to {BIAS_LIMIT:.0f} as values")
    return value


Biases = Annotated[
    dict[str, Any],
    AfterValidator(_biases),
    told(
        {
            **OBJECT,
            "maxProperties": MAX_BIASES,
            "propertyNames": {"pattern": "^[0-9]{1,9}$"},
            "additionalProperties": {
                "type": "number", "minimum": -BIAS_LIMIT, "maximum": BIAS_LIMIT
            },
        }
    ),
]  # fmt: skip


class SamplingBody(Body):
    """How tokens are chosen."""

    temperature: Annotated[float, Field(ge=0, le=2)] = 1.0
    top_p: Probability = 1.0
    seed: int | None = None
    stop: OpenAIStop = ()
    presence_penalty: Penalty = 0.0
    frequency_penalty: Penalty = 0.0
    logit_bias: Biases = Field(default_factory=dict)

    top_k: Annotated[int, Field(ge=-1)] = 0
    min_p: Probability = 0.0
    repetition_penalty: Annotated[float, Field(gt=0, le=10)] = 1.0
    stop_token_ids: Annotated[list[int], Field(max_length=MAX_BIASES, fail_fast=True)] = Field(
        default_factory=list
    )

    def choosing(self) -> dict[str, Any]:
        """The same as arguments of ``GenerationOptions``."""
        return {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": max(self.top_k, 0),
            "min_p": self.min_p,
            "seed": self.seed,
            "stop": self.stop,
            "presence_penalty": self.presence_penalty,
            "frequency_penalty": self.frequency_penalty,
            "repetition_penalty": self.repetition_penalty,
            "logit_bias": tuple((int(t), float(b)) for t, b in self.logit_bias.items()),
            "stop_tokens": tuple(self.stop_token_ids),
        }
