"""All checks, in the order in which they are asked."""

from __future__ import annotations

from types import ModuleType

from suites.contract.check import Check
from suites.contract.checks import (
    accounting,
    answers,
    auth,
    call_streams,
    calls,
    caps,
    characters,
    completion_details,
    completions,
    conversation,
    cors,
    crowds,
    disconnects,
    embeddings,
    endings,
    errors,
    fields,
    formats,
    interruptions,
    limits,
    loaded,
    logprobs,
    message_inputs,
    message_streams,
    message_tools,
    messages,
    metrics,
    models,
    pacing,
    response_inputs,
    response_outputs,
    response_streams,
    responses,
    robustness,
    sampling,
    scans,
    schemas,
    shutdown,
    stops,
    streaming,
    streams,
    thoughts,
    tokens,
    tools,
)

MODULES: tuple[ModuleType, ...] = (
    *(models, answers, accounting, caps, endings, stops, sampling, logprobs, formats, schemas),
    *(conversation, characters, fields, tools, calls, thoughts),
    *(streams, streaming, call_streams, pacing, disconnects, interruptions),
    *(completions, completion_details),
    *(messages, message_inputs, message_streams, message_tools),
    *(responses, response_inputs, response_outputs, response_streams, embeddings, tokens),
    *(errors, auth, cors, robustness, limits, loaded, crowds, metrics, scans, shutdown),
)


def declared(module: ModuleType) -> list[Check]:
    """The checks of a module, in the order of the file."""
    return [value for value in vars(module).values() if isinstance(value, Check)]


# Stable: within a stage the modules' order holds, so a report reads like the catalogue.
CHECKS: tuple[Check, ...] = tuple(
    sorted((one for module in MODULES for one in declared(module)), key=lambda one: one.stage)
)
BY_ID: dict[str, Check] = {one.id: one for one in CHECKS}
