"""From what the user named to a target that answers: start it or find it, and prove it is ready."""

from __future__ import annotations

import asyncio
import os
import shlex
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness.backends import Backend, Launch, ServerProcess, find_backend, free_port
from harness.errors import BackendError, TargetUnreachable, UsageError
from harness.records import Dialect, Json, Target
from harness.wire import Client, TargetFacts, check_target

POLL_S = 0.2  # how often a starting server is asked whether it is ready


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asked to measure. Without ``base_url`` the named backend is started.

    ``model`` None means the embedded model, or the only one that a running server offers.
    """

    backend: str = "reference"
    base_url: str | None = None
    model: str | None = None
    dialect: Dialect = "openai"
    api_key_env: str | None = None

    @property
    def label(self) -> str:
        """What the progress display calls it."""
        return self.base_url or self.backend


@dataclass(frozen=True, slots=True)
class Reached:
    """A target that answered a one-token completion, and what is known of its server."""

    target: Target
    client: Client
    server: Mapping[str, Json]
    model_path: Path | None = None
    restart: Callable[[], Awaitable[None]] | None = None
    secrets: tuple[str, ...] = ()
    last_words: Callable[[], str] | None = None  # the end of the output of a server started here


def check_choice(choice: Choice) -> None:
    """Refuse at once what could only fail later, after other targets were measured for minutes.

    Raises:
        UsageError: an unknown backend, one that lacks something, a model folder that is not there,
            a base URL that is none, or an empty key variable.
    """
    if choice.base_url is None:
        find_backend(choice.backend).launch(choice.model, 0)  # describes a start, starts nothing
        return
    if not choice.base_url.startswith(("http://", "https://")):
        raise UsageError(
            f"{choice.base_url!r} is not a base URL.",
            remedy="Write it as http://127.0.0.1:8000/v1.",
        )
    _api_key(choice.api_key_env)


@asynccontextmanager
async def reach(choice: Choice) -> AsyncIterator[Reached]:
    """A ready target; a server that was started here is stopped on leaving.

    Raises:
        UsageError: the choice names an unknown backend, or an empty key variable.
        TargetUnreachable: nothing there answers as an API that has the model.
        BackendError: the backend did not come up.
    """
    check_choice(choice)
    if choice.base_url is not None:
        async with _running(choice, choice.base_url) as reached:
            yield reached
    else:
        async with _started(choice) as reached:
            yield reached


@asynccontextmanager
async def _running(choice: Choice, base_url: str) -> AsyncIterator[Reached]:
    key = _api_key(choice.api_key_env)
    target = Target(base_url.rstrip("/"), choice.model or "", choice.dialect, "external", key)
    facts = await _answering(target)
    server = {
        "name": facts.server or "unknown",
        "version": "unknown",  # nothing on the wire tells it in a form that all servers share
        "command": "started by somebody else",
        "url": target.base_url,
    }
    target = replace(target, model=facts.model)
    async with Client(target) as client:
        yield Reached(
            target, client, server, _model_folder(facts.model), secrets=(key,) if key else ()
        )


def _model_folder(model: str) -> Path | None:
    path = Path(model)
    return path if path.is_dir() else None


def _api_key(variable: str | None) -> str | None:
    if variable is None:
        return None
    if not os.environ.get(variable):
        raise UsageError(
            f"The environment variable {variable} is empty.", remedy=f"Set it: export {variable}=…"
        )
    return os.environ[variable]


@asynccontextmanager
async def _started(choice: Choice) -> AsyncIterator[Reached]:
    backend = find_backend(choice.backend)
    launch = backend.launch(choice.model, free_port())
    with ServerProcess(launch) as process:
        target = await _ready(process, launch, choice)
        async with Client(target) as client:

            async def restart() -> None:
                await asyncio.to_thread(process.restart)
                await _ready(process, launch, choice)

            yield Reached(
                *(target, client, _facts(backend, launch), launch.model_path, restart),
                last_words=process.tail,
            )


def _facts(backend: Backend, launch: Launch) -> dict[str, Json]:
    environment = [f"{name}={value}" for name, value in sorted(launch.env.items())]
    return {
        "name": backend.name,
        "version": backend.version(),
        "command": shlex.join([*environment, *launch.argv]),
        "url": launch.base_url,
    }


async def _ready(process: ServerProcess, launch: Launch, choice: Choice) -> Target:
    deadline = time.monotonic() + launch.start_timeout_s
    target = Target(launch.base_url, launch.model or "", choice.dialect, choice.backend)
    while True:
        await asyncio.to_thread(process.check)
        try:
            return replace(target, model=(await _answering(target)).model)
        except TargetUnreachable as error:
            if time.monotonic() > deadline:
                raise BackendError(
                    f"{choice.backend} was not ready after {launch.start_timeout_s:.0f} s: "
                    f"{error.sentence}",
                    remedy=f"Its last words: {process.tail() or '(none)'}",
                ) from error
        await asyncio.sleep(POLL_S)


async def _answering(target: Target) -> TargetFacts:
    async with Client(target) as client:
        return await check_target(client)
