"""Runs checks against a fake in one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from harness.records import Dialect, Profile, Target
from harness.suite import Context, Options
from harness.wire import Client
from suites.contract.checks import BY_ID
from suites.contract.runner import run
from tests.suites.contract.fake_contract import Fake, Fault, fake_server
from tests.suites.contract.fake_contract_rules import MODEL


def context_for(
    client: Client,
    restart: Callable[[], Awaitable[None]] | None = None,
    profile: Profile = "quick",
    notes: list[str] | None = None,
) -> Context:
    """A context without a session."""
    told = [] if notes is None else notes
    return Context(client.target, client, Options(profile), told.append, restart)


async def ask(
    fake: Fake, ids: Sequence[str], dialect: Dialect = "openai", **options: Any
) -> dict[str, dict[str, Any]]:
    """The values of each check, asked in that order."""
    target = Target(fake.base_url, MODEL, dialect, api_key=fake.api_key)
    async with Client(target) as client:
        context = context_for(client, **options)
        return {one: (await run(BY_ID[one], context))[0] for one in ids}


def asked(
    ids: Sequence[str], fault: Fault | None = None, **options: Any
) -> dict[str, dict[str, Any]]:
    """The same, with a fake that lives as long as the question."""

    async def go() -> dict[str, dict[str, Any]]:
        async with fake_server(fault, **options) as fake:
            return await ask(fake, ids, restart=fake.restart)

    return asyncio.run(go())
