"""Compiling forms for one model. May take some milliseconds: not for the event loop."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

from llguidance import LLMatcher, LLParserLimits, LLTokenizer

from reference_server.engine.constraint import BITS, Grammar
from reference_server.errors import BadRequest
from reference_server.grammar.calls import CALL_FORMATS, CallFormat, literal
from reference_server.grammar.form import Form
from reference_server.grammar.lark import Thought, schema_rule, written
from reference_server.grammar.schema import refusal
from reference_server.reasoning_formats.reader import ReasoningReader

# All schemas of a request together. OpenAI's own limit is 120,000 characters of names and values.
MAX_SCHEMA_BYTES = 256 * 1024

# Work, not time, so that the same request is refused on every machine. By llguidance's account of
# its speed these are 20 ms for a compilation, and 7 ms and 3 ms for a token, in which everybody
# waits.
LIMITS = LLParserLimits(
    initial_lexer_fuel=1_000_000,
    step_lexer_fuel=100_000,
    step_max_items=50_000,
    verbose_errors=False,
)


class Compiler:
    """Grammars for one model's tokenizer, thoughts and way of writing calls. Thread-safe."""

    def __init__(
        self,
        tokenizer: Any,  # noqa: ANN401 - transformers has no types
        vocabulary: int,
        end_tokens: Iterable[int],
        reasoning: ReasoningReader,
        calls: str | None,
    ) -> None:
        self._tokenizer = tokenizer
        self._vocabulary = max(vocabulary, len(tokenizer))
        self._end_tokens = sorted(end_tokens)
        self._calls = CALL_FORMATS.get(calls or "")
        self._reasoning = reasoning
        self._lock = threading.Lock()
        self._trie: LLTokenizer | None = None

    def compiled(
        self, form: Form, prompt: Sequence[int], max_tokens: int, thinking: int | None = None
    ) -> Grammar:
        """The grammar of answers to ``prompt`` that have a form.

        The model may think first where it can, in ``thinking`` tokens at most. A thought before
        something that must come takes at most half of ``max_tokens`` as well.

        Raises:
            BadRequest: a schema is too large, has no meaning or cannot be followed; or this model's
                tokenizer or way of writing calls is not known.
        """
        calls = self._call_format(form)
        size = sum(len(schema_rule(schema)) for _, schema in form.schemas)
        field = form.schemas[0][0]
        if size > MAX_SCHEMA_BYTES:
            sentence = f"{field} and other schemas have {size} bytes; {MAX_SCHEMA_BYTES} are taken."
            raise BadRequest(field, sentence)
        trie = self._tokens(field)
        free = form.document is None and form.calls == "may"
        most = self._reasoning.limit(thinking)
        if not free:
            half = max(1, max_tokens // 2)
            most = half if most is None else min(most, half)
        source = written(
            form,
            self._thought(prompt, field, most),
            calls,
            self._spell,
            marked=calls is not None and self._control(calls.opening) is not None,
        )
        matcher = LLMatcher(trie, source, log_level=0, limits=LIMITS)
        if matcher.is_error():
            raise self._refusal(form, matcher.get_error())
        return Grammar(matcher, -(-trie.vocab_size // BITS), field)

    def _call_format(self, form: Form) -> CallFormat | None:
        if form.functions and self._calls is None:
            sentence = "tools: calls cannot be forced or constrained in this model's tool format."
            raise BadRequest("tools", sentence)
        return self._calls

    def _thought(self, prompt: Sequence[int], field: str, most: int | None) -> Thought | None:
        found = self._reasoning.thought(prompt)
        if found is None:
            return None
        marks, opened = found
        if marks.repeats:
            sentence = f"{field}: this model's way of writing thoughts leaves no room for a form."
            raise BadRequest(field, sentence)
        return Thought(marks.opening, marks.closing, opened, most)

    def _tokens(self, field: str) -> LLTokenizer:
        """The tokenizer as llguidance needs it, made at the first use."""
        with self._lock:
            if self._trie is None:
                backend = getattr(self._tokenizer, "backend_tokenizer", None)
                if backend is None:
                    raise _no_tokenizer(field)
                try:
                    self._trie = LLTokenizer(
                        backend.to_str(), self._vocabulary, self._end_tokens or None
                    )
                except ValueError as error:
                    raise _no_tokenizer(field) from error
            return self._trie

    def _control(self, marker: str) -> int | None:
        """The token of a marker that the grammar must name, since no text of it is that token."""
        token = self._tokenizer.get_added_vocab().get(marker)
        if token is None or self._trie is None or not self._trie.is_special_token(token):
            return None
        return int(token)

    def _spell(self, marker: str) -> str:
        token = self._control(marker)
        return literal(marker) if token is None else f"<[{token}]>"

    def _refusal(self, form: Form, whole: str) -> BadRequest:
        """The refusal of the schema that is at fault alone, or of all of them together."""
        for field, schema in form.schemas:
            source = f"%llguidance {{}}\nstart: {schema_rule(schema)}"
            told = LLMatcher.validate_grammar(source, self._trie, limits=LIMITS)
            if told and not told.startswith("WARNING"):
                return refusal(field, schema, told.rpartition("compile JSON schema: ")[2])
        field = form.schemas[0][0]
        return BadRequest(field, f"{field} makes a grammar beyond its limits: {_line(whole)}.")


def _line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "too complex"


def _no_tokenizer(field: str) -> BadRequest:
    return BadRequest(field, f"{field} needs a tokenizer that this model does not have.")
