"""All reasoning formats, and which of them a model speaks."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from reference_server.reasoning_formats.format import Marks, ReasoningFormat
from reference_server.reasoning_formats.harmony import HarmonyFormat
from reference_server.reasoning_formats.marked import MarkedFormat

THINK = Marks("<think>", ("</think>",), lead="\n", resume="\n\n")
FORMATS: tuple[ReasoningFormat, ...] = (
    MarkedFormat("qwen3", THINK),
    MarkedFormat("deepseek_r1", THINK, implicit=True),
    MarkedFormat("glm4", Marks("<think>", ("</think>",), resume="\n")),
    MarkedFormat(
        "gemma",
        Marks("<|channel>thought", ("<channel|>",), lead="\n", repeats=True),
        shown=("<|channel>", "<channel|>"),
    ),
    MarkedFormat(
        "mistral",
        Marks("[THINK]", ("[/THINK]",), repeats=True),
        shown=("[THINK]", "[/THINK]"),
    ),
    HarmonyFormat(),
)
BY_NAME = {one.name: one for one in FORMATS}

# Other names that people know a format by.
ALIASES = {"glm45": "glm4", "gemma4": "gemma", "harmony": "gpt_oss"}
NAMES = ("auto", "none", *BY_NAME, *ALIASES)


@dataclass(frozen=True, slots=True)
class FormatChoice:
    """Which format, and in a few words why; without a name nothing is taken for a thought."""

    name: str | None
    reason: str


def named(name: str) -> ReasoningFormat:
    """The format of one of ``NAMES`` that are neither ``auto`` nor ``none``."""
    return BY_NAME[ALIASES.get(name, name)]


def detect(template: str, vocabulary: Container[str]) -> FormatChoice:
    """The format that a chat template and the names in a vocabulary show."""

    def known(*marks: str) -> bool:
        return all(mark in template or mark in vocabulary for mark in marks)

    if known("<|channel|>", "<|message|>"):
        return FormatChoice("gpt_oss", "it knows <|channel|> and <|message|>")
    if known("<|channel>", "<channel|>"):
        return FormatChoice("gemma", "it knows <|channel> and <channel|>")
    if known("[THINK]", "[/THINK]"):
        return FormatChoice("mistral", "it knows [THINK] and [/THINK]")
    if not known("<think>", "</think>"):
        return FormatChoice(None, "neither template nor vocabulary knows marks of thoughts")
    if "[gMASK]" in template:
        return FormatChoice("glm4", "its template has <think> and GLM's [gMASK]")
    if "<｜Assistant｜>" in template and "</think>" in template:
        return FormatChoice("deepseek_r1", "its template has </think> and DeepSeek's marks")
    return FormatChoice("qwen3", "it knows <think> and </think>")
