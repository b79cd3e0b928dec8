"""Rules of many clients at once, of those that leave, and of those that ask for too much."""

from __future__ import annotations

import asyncio
import json
import statistics
from uuid import uuid4

from harness.records import Exchange, Json
from harness.statistics import wilson
from suites.contract.check import Stage, check
from suites.contract.crowd import CROWD, crowd, problem, same
from suites.contract.finding import Finding, divergent, failed, inconclusive, passed, skipped
from suites.contract.lines import held
from suites.contract.probe import Probe
from suites.contract.reading import Tally, answer, at, decoded, shown, stream
from suites.contract.resources import descriptors, resident_bytes, server_process
from suites.contract.scripts import model_id, plays

CHAT = "/chat/completions"
NONCES = 16
QUICK_DROPS, THOROUGH_DROPS = 40, 200
AT_ONCE = 20  # connections of the storm
DROP_TOKENS = 64
# Idle keep-alive connections and files that are opened once are no leak of a storm.
SPARE_FDS = 12
SETTLE_S = 5.0
QUEUE_FILLERS = 400  # more than the default queues of servers that have one
LEAK_REQUESTS, LEAK_EVERY = 600, 50
LEAK_BYTES = 20_000  # a request: 20 MB over 1,000, beyond what allocators keep back
BAD: tuple[dict[str, Json], ...] = (
    {"stop": 5},
    {"logit_bias": {"99999999": 1}},
    {"messages": [{"role": "user", "content": 5}]},
    {"temperature": "hot"},
    {"max_tokens": -1},
)


@check(
    "ROB-01",
    "MUST",
    "clients share servers",
    "Many clients at once get an answer each",
    stage=Stage.ADVERSARIAL,
)
async def everybody(probe: Probe) -> Finding:
    """32 at once, four prompts, four caps, half of them streamed: each gets its own answer.

    Told by its id, its prompt's tokens, its cap, and by the texts that the prompts get alone.
    """
    gathered = await crowd(probe)
    tally = Tally(expected="an answer of its own for each")
    seen: set[str] = set()
    for number, guest in enumerate(gathered.guests):
        wrong = problem(guest, gathered.alone)
        one = _id(guest.exchange)
        if one and one in seen:
            wrong = wrong or f"the id {one} is another answer's"
        seen.add(one)
        tally.note(f"request {number}", guest.exchange, wrong)
    return tally.finding("each has its own answer")


def _id(exchange: Exchange) -> str:
    whole = at(decoded(exchange.body), "id")
    if isinstance(whole, str):
        return whole
    values = stream(exchange).values if exchange.status == 200 else ()
    return next((value["id"] for value in values if isinstance(value.get("id"), str)), "")


@check(
    "ROB-02",
    "MUST",
    "privacy",
    "Nothing of a request is in another one's answer",
    stage=Stage.ADVERSARIAL,
)
async def secrets(probe: Probe) -> Finding:
    """16 at once, a random word in each, half of them streamed: no answer holds another's word.

    Where the server plays scripts, the word is the answer, so that it is there to be mixed up.
    """
    words = [uuid4().hex for _ in range(NONCES)]
    scripted = await plays(probe)

    async def one(number: int, word: str) -> Exchange:
        messages = [{"role": "user", "content": f"My secret word is {word}. Repeat it."}]
        model = model_id(word) if scripted else probe.target.model
        return await probe.chat(
            model=model, messages=messages, max_tokens=64 if scripted else 8, stream=number % 2 == 1
        )

    exchanges = await asyncio.gather(*(one(n, word) for n, word in enumerate(words)))
    tally = Tally(expected="no word of another request")
    for number, exchange in enumerate(exchanges):
        text = answer(exchange).text + exchange.body.decode(errors="replace")
        strange = [word for word in words if word != words[number] and word in text]
        told = f"it holds the word of request {words.index(strange[0])}" if strange else None
        if scripted and answer(exchange).text != words[number]:
            told = told or "it does not hold its own word"
        tally.note(f"request {number}", exchange, told)
    return tally.finding("no word is where it should not be")


@check("ROB-03", "SHOULD", "batching changes sums", "A greedy text does not depend on neighbours")
async def neighbours(probe: Probe) -> Finding:
    """The crowd of ROB-01 against each prompt alone: the share that differs, never a failure.

    How large it is under which load is the divergence suite's question.
    """
    gathered = await crowd(probe)
    read = [guest for guest in gathered.guests if guest.answer.problem is None]
    if not read:
        return inconclusive("the crowd was not answered (see ROB-01)")
    other = sum(not same(guest, gathered.alone) for guest in read)
    if not other:
        return passed(f"{len(read)} texts among {CROWD} neighbours are those that come alone")
    share = wilson(other, len(read))
    told = f"{other} of {len(read)} texts differ ({share.low:.0%} to {share.high:.0%})"
    return divergent(f"{told} among neighbours", got=other)


@check(
    "ROB-15",
    "MUST",
    "sgl-project/sglang#36333",
    "Clients that leave take nothing with them",
    stage=Stage.ADVERSARIAL,
)
async def storm(probe: Probe) -> Finding:
    """40 streams (200 in longer profiles) are dropped: no descriptor is kept, others are served.

    Descriptors are counted where the server runs here and its process may be looked at.
    """
    count = THOROUGH_DROPS if probe.thorough else QUICK_DROPS
    process = server_process(probe)
    before = descriptors(process) if process else None
    body = json.dumps(probe.chat_body(stream=True, max_tokens=DROP_TOKENS)).encode()
    payload = probe.raw_post(CHAT, body, headers={"Connection": "keep-alive"})
    for _ in range(count // AT_ONCE):
        async with held(probe, [payload] * AT_ONCE):
            await asyncio.sleep(0.02)  # half of them have an answer by now
    exchange = await probe.chat(max_tokens=1)
    answer(exchange)
    if process is None or before is None:
        return passed(f"{count} clients left; how many descriptors the server holds is not known")
    after = before
    for _ in range(int(SETTLE_S * 10)):
        after = descriptors(process) or before
        if after <= before + SPARE_FDS:
            return passed(f"{count} clients left; {before} descriptors before, {after} after")
        await asyncio.sleep(0.1)
    told = f"{after - before} descriptors more than before {count} clients left"
    return failed(told, expected=f"about {before}", got=after, exchange=exchange)


@check("ROB-21", "MUST", "ml-explore/mlx-lm#1505", "A bad request fails alone", stage=Stage.LETHAL)
async def alone(probe: Probe) -> Finding:
    """Five bad requests while two answers are streamed: the streams end as they should."""
    messages = [{"role": "user", "content": "Describe a morning in a small town, in detail."}]

    async def whole() -> Exchange:
        return await probe.chat(messages=messages, max_tokens=DROP_TOKENS, stream=True)

    streams = [asyncio.create_task(whole()) for _ in range(2)]
    await asyncio.sleep(0.02)
    for bad in BAD:
        await probe.chat(**{"max_tokens": 2, **bad})
    overlapped = not all(task.done() for task in streams)
    tally = Tally(expected="a whole stream beside bad requests")
    for number, exchange in enumerate(await asyncio.gather(*streams)):
        tally.accepted(f"stream {number}", exchange)
    finding = tally.finding("the streams are whole")
    if not finding.failing and not overlapped:
        return passed("the streams are whole; they ended before the last bad request")
    return finding


@check(
    "ERR-21",
    "SHOULD",
    "RFC 9110, 10.2.3",
    "Who is sent away is told when to come back",
    stage=Stage.SCAN,
)
async def retry_after(probe: Probe) -> Finding:
    """Every 429 and 503 of this run has Retry-After; longer profiles send 400 requests at once."""
    if probe.thorough:
        await asyncio.gather(*(probe.chat(max_tokens=1) for _ in range(QUEUE_FILLERS)))
        probe.exchanges.clear()
    sent_away = [e for e in probe.state.log if e.status in {429, 503}]
    if not sent_away:
        return skipped(f"none of {len(probe.state.log)} requests was sent away")
    bad = [e for e in sent_away if not e.header("retry-after")]
    if bad:
        probe.attach(bad[0])
        told = f"{len(bad)} of {len(sent_away)} refusals do not say when"
        return failed(told, expected="Retry-After", got=shown(bad[0]), exchange=bad[0])
    return passed(f"{len(sent_away)} refusals with Retry-After")


@check(
    "ROB-22",
    "SHOULD",
    "ml-explore/mlx-lm#1672",
    "Memory does not grow with requests",
    stage=Stage.ADVERSARIAL,
)
async def memory(probe: Probe) -> Finding:
    """600 requests (longer profiles only): the process grows by less than 20 kB a request.

    The slope is the median of all slopes between two of the twelve readings (Theil and Sen).
    """
    if not probe.thorough:
        return skipped("asked in the standard and full profiles")
    process = server_process(probe)
    if process is None:
        return skipped("the server's process cannot be looked at from here")
    readings = []
    for number in range(LEAK_REQUESTS):
        exchange = await probe.chat(max_tokens=2)
        if number % LEAK_EVERY == LEAK_EVERY - 1:
            readings.append(resident_bytes(process) or 0)
    probe.exchanges.clear()
    points = list(enumerate(readings))
    slope = statistics.median(
        (b - a) / ((j - i) * LEAK_EVERY) for i, a in points for j, b in points if i < j
    )
    told = f"{slope / 1e3:.1f} kB a request over {LEAK_REQUESTS}"
    if slope > LEAK_BYTES:
        expected = f"less than {LEAK_BYTES / 1e3:.0f} kB"
        return failed(told, expected=expected, got=readings, exchange=exchange)
    return passed(told)


@check("ROB-23", "MAY", "SDKs repeat requests", "The same request id twice does no harm")
async def repeated(probe: Probe) -> Finding:
    """Two requests at once with one X-Request-Id and one Idempotency-Key: both are answered."""
    one = uuid4().hex
    headers = {"X-Request-Id": one, "Idempotency-Key": one}
    body = probe.chat_body(max_tokens=2)
    both = await asyncio.gather(*(probe.post(CHAT, body, headers=headers) for _ in range(2)))
    tally = Tally(expected="HTTP 200 twice")
    for number, exchange in enumerate(both):
        tally.accepted(f"request {number}", exchange)
    return tally.finding("both are answered")
