"""All formats by name, and which one a model writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from reference_server.errors import BadRequest
from reference_server.tool_formats.deepseek import DEEPSEEK_V3, DEEPSEEK_V31, DEEPSEEK_V32
from reference_server.tool_formats.format import ToolFormat
from reference_server.tool_formats.functionary import FUNCTIONARY
from reference_server.tool_formats.gemma import FUNCTION_GEMMA, GEMMA4
from reference_server.tool_formats.harmony import HARMONY
from reference_server.tool_formats.hermes import GRANITE, HERMES, NEMOTRON, PHI4_MINI, XLAM
from reference_server.tool_formats.kimi import KIMI_K2, KIMI_K3
from reference_server.tool_formats.llama import LLAMA3
from reference_server.tool_formats.mistral import MISTRAL
from reference_server.tool_formats.pythonic import LFM2, LLAMA4, OLMO3
from reference_server.tool_formats.tagged import (
    GLM4,
    LONGCAT,
    MINICPM5,
    MINIMAX_M2,
    MUSE_SPARK,
    QWEN3_CODER,
    SEED_OSS,
)

FORMATS = {
    form.name: form
    for form in (
        HERMES, QWEN3_CODER, LLAMA3, LLAMA4, LFM2, OLMO3, MISTRAL, DEEPSEEK_V3, DEEPSEEK_V31,
        DEEPSEEK_V32, KIMI_K2, KIMI_K3, GLM4, LONGCAT, FUNCTION_GEMMA, GEMMA4, GRANITE, PHI4_MINI,
        HARMONY, MINIMAX_M2, MUSE_SPARK, NEMOTRON, XLAM, MINICPM5, FUNCTIONARY, SEED_OSS,
    )
}  # fmt: skip

AUTO, NONE = "auto", "none"
OFF = "--tool-call-parser none"  # the reason when calls are to stay text
CHOICES = (AUTO, NONE, *sorted(FORMATS))

# Marks in a chat template, all of which must be there, and the format that they tell. The first
# match counts: marks that only one format has come before those that several share.
MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("minimax_m2", ("<minimax:tool_call>",)),
    ("seed_oss", ("<seed:tool_call>",)),
    ("muse_spark", ("<atem:function_calls>",)),
    ("longcat", ("<longcat_tool_call>",)),
    ("gemma4", ("<|tool_call>", "<tool_call|>")),
    ("function_gemma", ("<start_function_call>",)),
    ("deepseek_v32", ("｜DSML｜",)),
    ("deepseek_v3", ("<｜tool▁calls▁begin｜>", "```json")),
    ("deepseek_v31", ("<｜tool▁calls▁begin｜>",)),
    ("kimi_k2", ("<|tool_calls_section_begin|>",)),
    ("harmony", ("<|channel|>", "to=functions.")),
    ("mistral", ("[TOOL_CALLS]",)),
    ("lfm2", ("<|tool_call_start|>",)),
    ("lfm2", ("<|tool_list_start|>",)),
    ("olmo3", ("<function_calls>",)),
    ("nemotron", ("<TOOLCALL>",)),
    ("functionary", (">>>",)),
    ("glm4", ("<arg_key>",)),
    ("minicpm5", ('<function name="', '<param name="')),
    ("qwen3_coder", ("<function=", "<parameter=")),
    ("phi4_mini", ("functools[",)),
    ("phi4_mini", ("<|/tool_call|>",)),
    ("granite", ("<|tool_call|>",)),
    ("hermes", ("<tool_call>",)),
    ("pythonic", ("<|python_start|>",)),
    ("pythonic", ("[func_name1(",)),
    ("llama3", ('{"name":', '"parameters":')),
    ("llama3", ("<|python_tag|>",)),
)

# Marks that a tokenizer has as tokens while its template does not name them.
TOKENS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("kimi_k3", ("<|open|>", "<|close|>", "<|sep|>")),
    ("lfm2", ("<|tool_call_start|>", "<|tool_call_end|>")),
)


@dataclass(frozen=True, slots=True)
class ParserChoice:
    """Which format is read, None for none, and in a few words why."""

    name: str | None
    reason: str

    @property
    def format(self) -> ToolFormat | None:
        """The format itself."""
        return FORMATS[self.name] if self.name is not None else None

    def require(self) -> None:
        """Let a request with tools pass, unless nobody can tell how this model writes calls.

        Raises:
            BadRequest: the format was to be found, and was not.
        """
        if self.name is None and self.reason != OFF:
            raise BadRequest(
                "tools",
                f"tools: how this model writes tool calls is not known: {self.reason}. Start the "
                "server with --tool-call-parser and the name of a format.",
            )


def detect(template: object, tokens: Collection[str] = ()) -> ParserChoice:
    """The format that a chat template, or else the added tokens of a tokenizer, name.

    ``template`` is a Jinja text, a mapping of such texts or None, as tokenizers have it.
    """
    texts = template.values() if isinstance(template, dict) else [template]
    source = "\n".join(text for text in texts if isinstance(text, str))
    if "tools" in source:
        for name, marks in MARKS:
            if all(mark in source for mark in marks):
                return ParserChoice(name, f"the chat template has {' and '.join(marks)}")
    for name, marks in TOKENS:
        if all(mark in tokens for mark in marks):
            return ParserChoice(name, f"the tokenizer has {' and '.join(marks)}")
    if not source:
        return ParserChoice(None, "the model has no chat template")
    if "tools" not in source:
        return ParserChoice(None, "the chat template does not mention tools")
    return ParserChoice(None, "the chat template has no marks of a known format")


def chosen(asked: str, tokenizer: Any) -> ParserChoice:  # noqa: ANN401 - transformers has no types
    """What ``--tool-call-parser`` says, or what the tokenizer tells if that is ``auto``.

    Raises:
        KeyError: no format has this name.
    """
    if asked == AUTO:
        return detect(tokenizer.chat_template, tokenizer.get_added_vocab())
    if asked == NONE:
        return ParserChoice(None, OFF)
    return ParserChoice(FORMATS[asked].name, f"--tool-call-parser {asked}")
