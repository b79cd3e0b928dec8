"""From messages to the prompt's tokens, by the model's own chat template.

What users and tools write cannot become control tokens: where their text spells an added token
(``<|im_end|>``, ``<tool_call>``), a mark is put inside it before rendering, and the rendered text
is tokenised in parts that meet at the marks. The text that the model reads stays the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import jinja2

from reference_server.chat.bound import PromptBound
from reference_server.errors import BadRequest

Message = dict[str, Any]

# Unicode's noncharacters U+FDD0 to U+FDEF never stand for text (Unicode, section 23.7).
MARKS = tuple(chr(code) for code in range(0xFDD0, 0xFDF0))

# Their text comes from outside; the operator's and the model's own may hold markup on purpose.
GUARDED = ("user", "tool")

# What a template raises about messages that it was not made for: its own refusal, or a fault of
# its expressions. Nothing else is taken for the client's mistake.
TEMPLATE_FAULTS = (
    jinja2.TemplateError, TypeError, ValueError, KeyError, IndexError, AttributeError,
)  # fmt: skip

TOO_DEEP = "messages are nested too deeply."


class ChatTemplate:
    """Renders and tokenises conversations with a tokenizer of mlx-lm's."""

    def __init__(self, tokenizer: Any, bound: PromptBound) -> None:  # noqa: ANN401 - no types
        self._tokenizer = tokenizer
        self._bound = bound
        names = sorted(tokenizer.get_added_vocab(), key=len, reverse=True)
        names = [name for name in names if len(name) > 1]
        self._added = re.compile("|".join(map(re.escape, names)) or r"(?!)")
        source = tokenizer.chat_template
        source = source if isinstance(source, str) else ""
        self._knows_developer = "developer" in source
        # gpt-oss's template alone reads earlier thoughts under this name.
        self._says_thinking = "message.thinking" in source

    def prompt(
        self,
        messages: Sequence[Mapping[str, Any]],
        tools: Sequence[Mapping[str, Any]] | None,
        options: Mapping[str, Any],
    ) -> list[int]:
        """The tokens of a conversation up to the place where the model answers.

        Raises:
            BadRequest: the model has no template, or its template refuses the messages.
            PromptTooLong: the text is too long for the context, whatever its tokens are.
        """
        if not self._tokenizer.has_chat_template:
            raise BadRequest("messages", "This model has no chat template: use /v1/completions.")
        prepared = [self._prepared(message) for message in messages]
        mark = _unused_mark(prepared)
        guarded = [self._guarded(message, mark) for message in prepared]
        text = self._render(guarded, tools, options)
        self._bound.check(text.replace(mark, ""))
        self._bound.check_count(text.count(mark))  # each part has a token at least
        tokens: list[int] = []
        for part in text.split(mark):
            tokens += self._tokenizer.encode(part, add_special_tokens=False)
        return tokens

    def _prepared(self, message: Mapping[str, Any]) -> Message:
        prepared = {**message, "content": _content(message.get("content"))}
        if prepared.get("role") == "developer" and not self._knows_developer:
            prepared["role"] = "system"
        if message.get("tool_calls"):
            prepared["tool_calls"] = [_unpacked(call) for call in message["tool_calls"]]
        # It refuses a thought beside text in a message that calls; the text counts as one there.
        thought = message.get("reasoning_content") if self._says_thinking else None
        if thought and not (prepared["content"] and message.get("tool_calls")):
            prepared["thinking"] = thought
        return prepared

    def _guarded(self, message: Message, mark: str) -> Message:
        if message.get("role") not in GUARDED:
            return message
        content = self._added.sub(lambda m: m[0][0] + mark + m[0][1:], message["content"])
        return {**message, "content": content}

    def _render(
        self,
        messages: list[Message],
        tools: Sequence[Mapping[str, Any]] | None,
        options: Mapping[str, Any],
    ) -> str:
        try:
            return str(
                self._tokenizer.apply_chat_template(
                    messages,
                    tools=list(tools) if tools else None,
                    tokenize=False,
                    add_generation_prompt=True,
                    **options,
                )
            )
        except TEMPLATE_FAULTS as error:
            sentence = f"messages cannot be put into this model's chat template: {error}"
            raise BadRequest("messages", sentence) from error
        except RecursionError as error:
            raise BadRequest("messages", TOO_DEEP) from error


def _content(content: object) -> str:
    """Content as one string: parts joined without anything in between, null as empty."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(p["text"]) for p in content if isinstance(p, dict) and "text" in p)
    raise BadRequest("messages", "messages have content that is neither text nor text parts.")


def _unpacked(call: Mapping[str, Any]) -> Message:
    """A call with its arguments as an object: many templates walk through them.

    Arguments that are no JSON object stay the text that they are, and so do those with half a
    surrogate pair, which no tokenizer takes.

    Raises:
        BadRequest: they are nested too deeply to be read.
    """
    function = call.get("function")
    if not isinstance(function, Mapping) or not isinstance(function.get("arguments"), str):
        return dict(call)
    try:
        arguments = json.loads(function["arguments"])
        json.dumps(arguments, ensure_ascii=False).encode()
    except ValueError:  # UnicodeEncodeError is one
        return dict(call)
    except RecursionError as error:
        raise BadRequest("messages", TOO_DEEP) from error
    if not isinstance(arguments, dict):
        return dict(call)
    return {**call, "function": {**function, "arguments": arguments}}


def _unused_mark(messages: list[Message]) -> str:
    text = "".join(message["content"] for message in messages)
    for mark in MARKS:
        if mark not in text:
            return mark
    raise BadRequest("messages", "messages hold every noncharacter from U+FDD0 to U+FDEF.")
