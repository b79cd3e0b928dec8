"""Every architecture of mlx-lm finds a decoder, which gives the tokens of mlx-lm's own cache."""

from __future__ import annotations

import asyncio

import pytest

from reference_server.blas import mx  # isort: skip - MKL before MLX
from mlx_lm.models.cache import make_prompt_cache
from mlx_lm.utils import _get_classes

from reference_server.engine.choice import decoder_for
from reference_server.engine.forward import Forward
from reference_server.engine.policy import NotInvariant
from reference_server.engine.slab import StepView
from reference_server.engine.speculation import Draft, NotSpeculative
from tests.reference_server.engine.engine_rig import prompt_of, watched

VOCABULARY = 1000
DENSE = {
    "vocab_size": VOCABULARY, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 3,
    "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16, "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0, "max_position_embeddings": 2048, "tie_word_embeddings": False,
}  # fmt: skip
EXPERTS = {
    "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32,
    "decoder_sparse_step": 1, "mlp_only_layers": [], "norm_topk_prob": True,
}  # fmt: skip
HYBRID = {
    "linear_num_value_heads": 4, "linear_num_key_heads": 2, "linear_key_head_dim": 16,
    "linear_value_head_dim": 16, "linear_conv_kernel_dim": 4, "shared_expert_intermediate_size": 32,
    "partial_rotary_factor": 0.5, "full_attention_interval": 2,
}  # fmt: skip
MAMBA = {
    "state_size": 8, "conv_kernel": 4, "use_bias": False, "use_conv_bias": True,
    "time_step_rank": 4,
}  # fmt: skip
SLOTS = {
    "qwen3": {}, "llama": {}, "qwen2": {}, "mistral3": {"text_config": {"model_type": "llama"}},
    "phi3": {"rope_scaling": None}, "gemma": {}, "olmo2": {}, "qwen3_moe": EXPERTS,
}  # fmt: skip
BATCH = {
    "gemma3_text": {"sliding_window": 32, "sliding_window_pattern": 2, "query_pre_attn_scalar": 16},
    "qwen3_next": {**EXPERTS, **HYBRID},
    "mamba": MAMBA,
}
MODELS = {**dict.fromkeys(SLOTS, "slots"), **dict.fromkeys(BATCH, "batch")}
MODELS["mamba"] = "serial"  # mlx-lm's class lets its state run through the padding
# Lengths on both sides of a sliding window, of a class of attention, and of a step's budget.
LENGTHS = (1, 5, 40, 63, 64, 70, 600)


def tiny(name: str):
    """A model of this architecture with random weights, large enough to matter."""
    extra = {**SLOTS, **BATCH}[name]
    config = {"model_type": name, **DENSE, **extra}
    if "text_config" in config:
        config["text_config"] = {**DENSE, **config["text_config"]}
    model_class, args_class = _get_classes(config)
    mx.random.seed(7)
    model = model_class(args_class.from_dict(config))
    mx.eval(model.parameters())
    return model


def plain(model, prompt, count):
    """Greedy tokens with mlx-lm's own cache, one request alone."""
    cache, tokens, fed = make_prompt_cache(model), [], prompt
    for _ in range(count):
        logits = model(mx.array([fed]), cache=cache)
        tokens.append(int(mx.argmax(logits[0, -1]).item()))
        fed = tokens[-1:]
    return tokens


def decoded(decoder, sequences):
    """Everything that the sequences get, all at once."""
    for sequence in sequences:
        decoder.add(sequence)
    left = set(sequences)
    while left:
        left -= {output.sequence for output in decoder.step() if output.finish}
    return [sequence.generated for sequence in sequences]


@pytest.mark.parametrize("name", MODELS)
def test_every_architecture_gives_the_tokens_of_mlx_lms_cache(name):
    async def go():
        model = tiny(name)
        decoder, choice = decoder_for(model, (), max_batch=len(LENGTHS))
        assert choice.name == MODELS[name], choice.reason
        prompts = [prompt_of(length, 300 + length % 50) for length in LENGTHS]
        boxes = [watched(prompt, 12) for prompt in prompts]
        found = decoded(decoder, [box.sequence for box in boxes])
        decoder.close()
        expected = [plain(model, prompt, 12) for prompt in prompts]
        assert found == expected
        assert len({tuple(tokens) for tokens in expected}) > len(LENGTHS) // 2, "too alike to tell"

    asyncio.run(go())


def test_a_row_at_a_time_where_neighbours_matter_and_the_reason_says_so():
    _, choice = decoder_for(tiny("mamba"), (), max_batch=4)
    assert "a longer neighbour changes its logits" in choice.reason


def test_invariant_batching_is_refused_by_name_where_there_are_no_slots():
    with pytest.raises(NotInvariant, match="plain keys and values, and its layers keep Rotating"):
        decoder_for(tiny("gemma3_text"), (), max_batch=4, batching="invariant")


def test_serial_batching_has_one_row():
    for name, decoder_name in (("llama", "slots"), ("gemma3_text", "serial")):
        decoder, choice = decoder_for(tiny(name), (), max_batch=4, batching="serial")
        assert choice.name == decoder_name
        assert "as asked for" in choice.reason
        assert (choice.runtime.mode, choice.runtime.warns) == ("simple", False)
        decoder.close()


def test_a_batch_that_was_asked_for_is_had_and_its_harm_is_told():
    _, forced = decoder_for(tiny("mamba"), (), max_batch=4, runtime="batched")
    _, free = decoder_for(tiny("mamba"), (), max_batch=4)
    assert (forced.name, free.name) == ("batch", "serial")
    assert forced.runtime.warns
    assert "as asked for, though in a batch a longer neighbour" in forced.reason


def test_a_draft_model_needs_slots_on_both_sides():
    with pytest.raises(NotSpeculative, match=r"--draft-model needs plain keys .* keep Rotating"):
        decoder_for(tiny("gemma3_text"), (), max_batch=4, draft=Draft("d", tiny("llama"), 4))
    with pytest.raises(NotSpeculative, match=r"--draft-model small has no plain keys .* keep Arr"):
        Draft("small", tiny("mamba"), 4)


@pytest.mark.parametrize("name", SLOTS)
def test_every_architecture_with_slots_can_be_checked_several_tokens_at_once(name):
    async def go():
        model = tiny(name)
        prompts = [prompt_of(length, 300 + length % 50) for length in (2, 40)]
        expected = [plain(model, prompt, 12) for prompt in prompts]
        for draft in (model, tiny("qwen2" if name != "qwen2" else "llama")):
            made = Draft("draft", draft, 4)
            decoder, _ = decoder_for(model, (), max_batch=4, draft=made)
            found = decoded(decoder, [watched(prompt, 12).sequence for prompt in prompts])
            assert found == expected
            assert made.stats().rounds

    asyncio.run(go())


def test_a_window_is_no_plain_cache_and_the_reason_says_so():
    _, choice = decoder_for(tiny("gemma3_text"), (), max_batch=2)
    assert choice.name == "batch"
    assert "RotatingKVCache" in choice.reason


def test_the_probe_notices_a_wrong_position(monkeypatch):
    write = StepView.update_and_fetch

    def shifted(self, keys, values):
        self.offset = self.offset + 1
        return write(self, keys, values)

    monkeypatch.setattr(StepView, "update_and_fetch", shifted)
    _, choice = decoder_for(tiny("qwen3"), (), max_batch=2)
    assert choice.name == "batch"
    assert "slots change its logits" in choice.reason


def test_a_model_that_cannot_be_compiled_still_gets_slots():
    model = tiny("llama")
    call = type(model).__call__

    class Looking(type(model)):
        def __call__(self, inputs, cache=None):
            inputs.tolist()  # not to be had while a function is traced
            return call(self, inputs, cache=cache)

    model.__class__ = Looking
    forward = Forward(model)
    assert not forward._compile
    assert Forward(tiny("llama"))._compile
