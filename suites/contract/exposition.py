"""``/metrics`` read: Prometheus's text, its samples by name, and what grew between two scrapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from harness.records import Exchange
from suites.contract.finding import Settled, inconclusive, unsupported
from suites.contract.probe import Probe
from suites.contract.reading import settle_silence

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One line: ``family`` and ``kind`` are those of its TYPE comment."""

    family: str
    kind: str
    name: str
    labels: Labels
    value: float

    @property
    def key(self) -> tuple[str, Labels]:
        """What tells it from all others of a scrape."""
        return self.name, self.labels

    def label(self, name: str) -> str | None:
        """The value of a label."""
        return dict(self.labels).get(name)


@dataclass(frozen=True, slots=True)
class Scrape:
    """All samples of one answer."""

    exchange: Exchange
    samples: Mapping[tuple[str, Labels], Sample]

    def of(self, kind: str, words: str) -> list[Sample]:
        """The samples of a kind whose name matches a pattern."""
        return [s for s in self.samples.values() if s.kind == kind and re.search(words, s.name)]


def parsed(exchange: Exchange) -> Scrape | str:
    """The samples, or the sentence why the text is none of Prometheus's."""
    try:
        samples = {sample.key: sample for sample in _samples(exchange.body.decode())}
    except (ValueError, KeyError) as error:
        return f"the text cannot be read: {str(error)[:200]}"
    return Scrape(exchange, samples) if samples else "there is no sample"


def _samples(text: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            labels = tuple(sorted(one.labels.items()))
            kind = family.type
            # The parser takes the suffix from a counter that was declared with it and from one
            # that was not; a counter declared without it stays untyped.
            if kind == "unknown" and one.name.endswith("_total"):
                kind = "counter"
            yield Sample(family.name, kind, one.name, labels, float(one.value))


async def ask(probe: Probe) -> Exchange:
    """``GET /metrics`` above the API.

    Raises:
        Settled: there is no such route (unsupported).
    """
    if probe.state.memo.get("no metrics"):
        raise Settled(unsupported("there is no /metrics"))
    exchange = await probe.get(probe.client.root_url("/metrics"))
    if exchange.status in {404, 405, 501}:
        probe.state.memo["no metrics"] = True
        raise Settled(unsupported(f"GET /metrics is HTTP {exchange.status}"))
    settle_silence(exchange)
    return exchange


async def scrape(probe: Probe) -> Scrape:
    """A scrape that could be read; one that could not is MET-01's failure alone.

    Raises:
        Settled: there is no route, or nothing that can be read.
    """
    read = parsed(await ask(probe))
    if isinstance(read, str):
        raise Settled(inconclusive(f"the metrics cannot be read (see MET-01): {read}"))
    return read


def growth(before: Scrape, after: Scrape, samples: list[Sample]) -> dict[tuple[str, Labels], float]:
    """By how much each of ``after``'s samples grew; new ones began at 0."""
    started = {key: sample.value for key, sample in before.samples.items()}
    return {one.key: one.value - started.get(one.key, 0.0) for one in samples}


def totals(grown: Mapping[tuple[str, Labels], float]) -> dict[str, float]:
    """The growth of each name over all its labels."""
    summed: dict[str, float] = {}
    for (name, _), value in grown.items():
        summed[name] = summed.get(name, 0.0) + value
    return summed
