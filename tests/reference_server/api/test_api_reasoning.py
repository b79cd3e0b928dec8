"""Thoughts over HTTP: where they are told, how they are switched, counted and bounded."""

from __future__ import annotations

import anthropic
import openai
import pytest

from reference_server.api.chat_body import Message
from reference_server.api.holder import Settings
from reference_server.errors import ModelNotLoaded
from reference_server.service import Service, ServiceSettings

ASKED = [{"role": "user", "content": "What is the weather in Oslo?"}]
THINKING = {"messages": ASKED, "max_tokens": 200, "reasoning_effort": "low"}
THOUGHT = "<think>\nOne two three.\n</think>\n\nFour."


def told(answer):
    """Thought, content and usage of a chat's answer."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    message = body["choices"][0]["message"]
    assert message.get("reasoning_content") == message.get("reasoning")
    return message.get("reasoning", ""), message["content"], body["usage"]


def spent(usage):
    return usage["completion_tokens_details"]["reasoning_tokens"]


def test_tokens_inside_a_thought_are_counted(server, script, chunks):
    inside = server.service.text_prompt("\nOne two three.\n")
    ask = {"model": script(THOUGHT), "max_tokens": 99}
    thought, content, usage = told(server.chat(**ask))
    assert (thought, content, spent(usage)) == ("One two three.", "Four.", len(inside))
    assert usage["completion_tokens"] == len(server.service.text_prompt(THOUGHT))
    assert spent(told(server.chat(model=script("Four."), max_tokens=99))[2]) == 0
    assert spent(told(server.chat(**ask, n=2))[2]) == 2 * len(inside)
    streamed = chunks(server.chat(**ask, stream=True, stream_options={"include_usage": True}).text)
    assert streamed[-1]["usage"]["completion_tokens_details"] == {"reasoning_tokens": len(inside)}


@pytest.mark.parametrize("limit", [0, 1, 2, 7])
def test_a_model_that_thinks_is_stopped_and_answers(server, chunks, limit):
    free, _, usage = told(server.chat(**THINKING))
    assert spent(usage) > 7, "the negative control does not think"
    ask = {**THINKING, "max_thinking_tokens": limit}
    thought, content, usage = told(server.chat(**ask))
    assert spent(usage) <= limit
    assert free.startswith(thought)
    assert len(thought) < len(free)
    assert content.strip()
    assert "think>" not in content
    deltas = [c["choices"][0]["delta"] for c in chunks(server.chat(**ask, stream=True).text)]
    assert "".join(delta.get("reasoning_content", "") for delta in deltas) == thought
    assert "".join(delta.get("reasoning", "") for delta in deltas) == thought
    assert "".join(delta.get("content", "") for delta in deltas) == content


def test_a_budget_that_is_not_spent_changes_nothing(server):
    free = server.chat(**THINKING).json()
    bound = server.chat(**THINKING, max_thinking_tokens=150).json()
    assert bound["choices"] == free["choices"]


def test_what_is_forced_replaces_what_would_have_come(server, script):
    tokens = server.service.text_prompt(THOUGHT)
    closing = server.service.text_prompt("\n</think>\n\n")
    said = b"".join(
        server.service.tokens.bytes(token)
        for token in tokens[:3] + closing + tokens[3 + len(closing) :]
    ).decode()
    ask = {"model": script(THOUGHT), "max_tokens": 99, "max_thinking_tokens": 3}
    answer = server.chat(**ask, logprobs=True)
    thought, content, usage = told(answer)
    before, _, after = said.removeprefix("<think>").partition("</think>")
    assert (thought, content) == (before.strip(), after.strip())
    assert spent(usage) == 3
    # What was forced has the model's own log-probability.
    entries = answer.json()["choices"][0]["logprobs"]["content"]
    assert len(entries) == usage["completion_tokens"]
    assert entries[3 + len(closing) - 2]["token"] == "</think>"
    assert entries[3 + len(closing) - 2]["logprob"] < -0.1


def test_thinking_is_switched(server):
    free = told(server.chat(messages=ASKED, max_tokens=200))
    for off in (
        {"reasoning_effort": "none"},
        {"chat_template_kwargs": {"enable_thinking": False}},
        {"reasoning_effort": "none", "chat_template_kwargs": {"thinking": False}},
    ):
        thought, content, usage = told(server.chat(messages=ASKED, max_tokens=200, **off))
        assert thought == ""
        assert content
        assert usage["prompt_tokens"] > free[2]["prompt_tokens"]  # an empty thought was added
    on = {"chat_template_kwargs": {"reasoning_effort": "high"}}
    assert told(server.chat(messages=ASKED, max_tokens=200, **on))[0]


@pytest.mark.parametrize(
    ("extra", "param"),
    [
        ({"max_thinking_tokens": -1}, "max_thinking_tokens"),
        ({"max_thinking_tokens": "5"}, "max_thinking_tokens"),
        ({"max_thinking_tokens": 1.5}, "max_thinking_tokens"),
        ({"reasoning_effort": "extreme"}, "reasoning_effort"),
        ({"chat_template_kwargs": []}, "chat_template_kwargs"),
        ({"chat_template_kwargs": {"enable_thinking": "no"}}, "enable_thinking"),
        ({"chat_template_kwargs": {"tokenize": True}}, "tokenize"),
        ({"chat_template_kwargs": {"enable_thinking": True, "thinking": False}}, "thinking"),
        ({"messages": [*ASKED, {"role": "assistant", "reasoning": 5}]}, "reasoning"),
    ],
)
def test_what_does_not_fit_is_named(server, extra, param):
    answer = server.chat(**extra)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"].endswith(param)


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_earlier_thoughts_go_to_the_template(server, key):
    past = {"role": "assistant", "content": "Hi.", key: "It greets."}
    assert Message(**past).for_template()["reasoning_content"] == "It greets."
    assert server.chat(messages=[*ASKED, past, *ASKED]).status_code == 200


def test_the_openai_sdk_reads_thoughts(server, script):
    with openai.OpenAI(base_url=server.url + "/v1", api_key="none", max_retries=0) as sdk:
        answer = sdk.chat.completions.create(
            model=script(THOUGHT),
            messages=ASKED,
            max_tokens=99,
            extra_body={"max_thinking_tokens": 50, "chat_template_kwargs": {"thinking": True}},
        )
        assert answer.choices[0].message.model_extra["reasoning"] == "One two three."
        assert answer.usage.completion_tokens_details.reasoning_tokens > 0


def test_the_anthropic_sdk_sets_a_budget(server):
    ask = {"model": "default", "max_tokens": 200, "messages": ASKED}
    ask["extra_body"] = {"temperature": 0}  # which this version's signature does not have
    with anthropic.Anthropic(base_url=server.url, api_key="none", max_retries=0) as sdk:
        free = sdk.messages.create(**ask, thinking={"type": "enabled", "budget_tokens": 150})
        bound = sdk.messages.create(**ask, thinking={"type": "enabled", "budget_tokens": 3})
        with sdk.messages.stream(**ask, thinking={"type": "enabled", "budget_tokens": 3}) as flow:
            streamed = flow.get_final_message()
        past = [*ASKED, {"role": "assistant", "content": bound.content}, *ASKED]
        assert sdk.messages.create(**{**ask, "messages": past, "max_tokens": 5}).content
    assert free.usage.output_tokens_details.thinking_tokens > 3
    assert [block.type for block in bound.content] == ["thinking", "text"]
    assert bound.usage.output_tokens_details.thinking_tokens <= 3
    assert free.content[0].thinking.startswith(bound.content[0].thinking)
    assert streamed.content[0] == bound.content[0]
    assert streamed.content[1].text == bound.content[1].text
    assert streamed.usage.output_tokens_details == bound.usage.output_tokens_details


@pytest.mark.parametrize(
    ("thinking", "param"),
    [
        ({"type": "enabled"}, "thinking.budget_tokens"),
        ({"type": "enabled", "budget_tokens": 0}, "thinking.budget_tokens"),
        ({"type": "enabled", "budget_tokens": 4}, "thinking.budget_tokens"),
        ({"type": "disabled", "budget_tokens": 2}, "thinking.budget_tokens"),
        ({"type": "adaptive", "display": "omitted"}, "thinking.display"),
        ({"type": "always"}, "thinking.type"),
    ],
)
def test_a_budget_that_does_not_fit_is_named(server, thinking, param):
    answer = server.messages(thinking=thinking)  # of 4 tokens
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"].startswith(param)


def test_health_says_which_format_and_why(server):
    found = server.http.get("/health").json()["reasoning"]
    assert found == {"name": "qwen3", "reason": "it knows <think> and </think>"}


def loaded(**options):
    return lambda: Service(ServiceSettings(max_batch=2, scripted=True, **options))


def asked(start_with, until, load, *bodies):
    """Thought and content of each answer of a server of its own, or the refusal's body."""
    with start_with(Settings(scripted=True), load) as server:
        until(lambda: server.holder.service is not None, "the service")
        answers = [server.chat(**body) for body in bodies]
        return [told(one)[:2] if one.status_code == 200 else one.json()["error"] for one in answers]


def test_without_a_format_marks_are_text_and_budgets_refused(start_with, until, script):
    ask = {"model": script(THOUGHT), "max_tokens": 99}
    plain, refused = asked(
        start_with, until, loaded(reasoning="none"), ask, {**ask, "max_thinking_tokens": 5}
    )
    assert plain == ("", THOUGHT)
    assert refused["param"] == "max_thinking_tokens"
    assert "no reasoning format is known" in refused["message"]


def test_formats_by_name(start_with, until, script):
    ask = {"model": script("hm\n</think>\n\nHello"), "max_tokens": 99}
    found = asked(start_with, until, loaded(reasoning="deepseek_r1"), ask)
    assert found == [("hm", "Hello")]
    harmony = (
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>So"
    )
    ask = {"model": script(harmony), "max_tokens": 99}
    bound = {**ask, "max_thinking_tokens": 5}
    found, refused = asked(start_with, until, loaded(reasoning="harmony"), ask, bound)
    assert found == ("hm", "So")
    # This vocabulary spells the marks with several tokens each.
    assert "<|end|> is no token of this model's vocabulary" in refused["message"]


def test_the_servers_bound_holds_for_all(start_with, until, script):
    ask = {"model": script(THOUGHT.replace("three", "three four five six")), "max_tokens": 99}
    more, fewer, own = asked(
        start_with, until, loaded(max_thinking_tokens=3),
        ask | {"max_thinking_tokens": 50}, ask | {"max_thinking_tokens": 1}, ask,
    )  # fmt: skip
    assert more == own
    assert own[0].startswith("One")
    assert fewer[0] == ""


@pytest.mark.parametrize("name", ["none", "gemma"])
def test_a_bound_that_cannot_be_enforced_stops_the_start(name):
    with pytest.raises(ModelNotLoaded, match="--max-thinking-tokens cannot be enforced"):
        Service(ServiceSettings(reasoning=name, max_thinking_tokens=5))
