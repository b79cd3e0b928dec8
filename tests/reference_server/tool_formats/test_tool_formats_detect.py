"""The format is told from the chat template."""

from __future__ import annotations

import pytest
from transformers import AutoTokenizer

from reference_server.errors import BadRequest
from reference_server.models.load import EMBEDDED
from reference_server.tool_formats.registry import (
    CHOICES,
    FORMATS,
    MARKS,
    TOKENS,
    chosen,
    detect,
)

# What stands in the templates of models where they write calls of the history.
TEMPLATES = {
    "hermes": '\'<tool_call>\\n{"name": "\' + tool_call.name + \'", "arguments": \'',
    "qwen3_coder": "'<tool_call>\\n<function=' + tool_call.name + '>\\n<parameter=' + name",
    "llama3": """'Respond in the format {"name": function name, "parameters": dictionary}'""",
    "pythonic": "'[func_name1(params_name1=params_value1), func_name2(params)]'",
    "lfm2": "'<|tool_list_start|>' + tools + '<|tool_list_end|>'",
    "olmo3": "'<function_calls>' + calls + '</function_calls>'",
    "mistral": "'[TOOL_CALLS]' + name + '[ARGS]' + arguments",
    "deepseek_v3": "'<｜tool▁calls▁begin｜>function<｜tool▁sep｜>' + name + '```json'",
    "deepseek_v31": "'<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>' + name + '<｜tool▁sep｜>'",
    "deepseek_v32": "'<｜DSML｜function_calls>'",
    "kimi_k2": "'<|tool_calls_section_begin|>'",
    "glm4": "'<tool_call>' + name + '<arg_key>' + key + '</arg_key>'",
    "longcat": "'<longcat_tool_call>' + name + '<longcat_arg_key>'",
    "function_gemma": "'<start_function_call>call:'",
    "gemma4": "'<|tool_call>call:' + name + '<tool_call|>'",
    "granite": "'<|tool_call|>' + calls",
    "phi4_mini": "'<|tool_call|>' + calls + '<|/tool_call|>'",
    "harmony": "'<|start|>assistant to=functions.' + name + '<|channel|>commentary json'",
    "minimax_m2": "'<minimax:tool_call>\\n<invoke name=\"' + name",
    "muse_spark": "'<atem:function_calls>'",
    "nemotron": "'<TOOLCALL>[' + calls",
    "minicpm5": "'<function name=\"' + name + '\"><param name=\"' + key",
    "functionary": "'>>>' + name + '\\n' + arguments",
    "seed_oss": "'<seed:tool_call>\\n<function=' + name + '>\\n<parameter=' + key",
}


@pytest.mark.parametrize(("name", "template"), TEMPLATES.items())
def test_each_is_found_by_its_marks(name, template):
    choice = detect("{% if tools %}{{ tools }}{% endif %}{{ " + template + " }}")
    assert choice.name == name
    assert choice.format is FORMATS[name]
    assert choice.reason.startswith("the chat template has ")


def test_every_format_can_be_found_but_the_one_without_any_mark():
    found = {name for name, _ in (*MARKS, *TOKENS)}
    assert set(FORMATS) - found == {"xlam"}
    assert set(TEMPLATES) == found - {"kimi_k3"}


def test_tokens_tell_where_the_template_does_not():
    tokens = {"<|tool_call_start|>": 1, "<|tool_call_end|>": 2}
    assert detect("{{ messages }}", tokens).name == "lfm2"
    assert detect(None, ["<|open|>", "<|close|>", "<|sep|>"]).name == "kimi_k3"
    assert detect("{{ messages }}", ["<|open|>", "<|close|>"]).name is None


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (None, "no chat template"),
        ("{{ messages }} <tool_call>", "does not mention tools"),
        ("{{ tools }}", "no marks of a known format"),
    ],
)
def test_what_is_not_found_says_why_and_is_refused(template, reason):
    choice = detect(template)
    assert choice.name is None
    assert reason in choice.reason
    with pytest.raises(BadRequest, match="--tool-call-parser") as caught:
        choice.require()
    assert caught.value.field == "tools"


def test_templates_by_name_are_all_looked_at():
    assert detect({"default": "{{ messages }}", "tool_use": "{{ tools }} [TOOL_CALLS]"}).name == (
        "mistral"
    )


def test_what_was_asked_for_counts():
    assert chosen("mistral", None).format is FORMATS["mistral"]
    off = chosen("none", None)
    off.require()
    assert off.format is None
    assert {"auto", "none", *FORMATS} == set(CHOICES)


def test_the_embedded_model_writes_hermes():
    choice = chosen("auto", AutoTokenizer.from_pretrained(EMBEDDED))
    assert (choice.name, choice.reason) == ("hermes", "the chat template has <tool_call>")
