"""The numbers that ``/metrics`` tells, in Prometheus's terms.

Named after what vLLM measures, under a prefix of this server's own. Times are observed in the event
loop; what the engine knows by itself is asked for at a scrape.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from reference_server.api.record import Record
from reference_server.service import Service

PREFIX = "reference_server"

# Seconds. A token takes from 1 ms (a small model on a GPU) to seconds (a large one on a CPU); the
# first one, and a request as a whole, up to minutes.
GAPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
WAITS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)

# Paths that no route answers share a label: anybody can invent as many as they like.
NO_ROUTE = "none"


class Meters(Collector):
    """The instruments of one server; ``service`` is asked at each scrape, once it is there."""

    def __init__(self) -> None:
        self.service: Service | None = None
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "requests", "Requests answered.", ("route", "method", "status")
        )
        self._prompt_tokens = self._counter("prompt_tokens", "Tokens of prompts read.")
        self._generation_tokens = self._counter("generation_tokens", "Tokens of answers.")
        self._answers = self._counter("answers", "Answers by their end.", ("finish_reason",))
        self._first = self._histogram("time_to_first_token", "From a request to its first token.")
        self._gap = self._histogram("inter_token_latency", "Between two tokens.", GAPS)
        self._queue = self._histogram("request_queue_time", "In line, before a row was free.")
        self._whole = self._histogram("e2e_request_latency", "From a generating request to its end")
        self.gap = self._gap.observe

    def answered(self, record: Record, route: str | None, method: str, status: int) -> None:
        """Count a request that is over, and what was generated for it."""
        self._requests.labels(route or NO_ROUTE, method if route else "", str(status)).inc()
        if not record.generations:
            return
        self._whole.observe(record.total_s)
        self._prompt_tokens.inc(record.prompt_tokens)
        self._generation_tokens.inc(record.completion_tokens)
        if record.ttft_s is not None:
            self._first.observe(record.ttft_s)
        for generation in record.generations:
            self._answers.labels(generation.finish_reason or "aborted").inc()
            if generation.queue_s is not None:
                self._queue.observe(generation.queue_s)

    def collect(self) -> Iterator[Metric]:
        """All of them, now."""
        yield from self._registry.collect()
        if self.service is not None:
            yield from _live(self.service)

    def _counter(self, name: str, text: str, labels: tuple[str, ...] = ()) -> Counter:
        return Counter(f"{PREFIX}_{name}", text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...] = WAITS) -> Histogram:
        full = f"{PREFIX}_{name}_seconds"
        return Histogram(full, text, buckets=buckets, registry=self._registry)


def _live(service: Service) -> Iterator[Metric]:
    """What the engine and the prefix cache know."""
    state = service.state()
    yield _gauge("num_requests_running", "Requests that have a row.", state.running)
    yield _gauge("num_requests_waiting", "Requests in line.", state.waiting)
    cache = service.cache_stats()
    if cache is None:
        return
    yield _gauge("prefix_cache_bytes", "Memory of kept prefixes.", cache.bytes)
    yield _gauge("prefix_cache_budget_bytes", "What they may take.", cache.budget_bytes)
    queried = "Tokens of prompts that were looked up."
    yield CounterMetricFamily(f"{PREFIX}_prefix_cache_queries", queried, cache.queried_tokens)
    hits = "Tokens of prompts that were found."
    yield CounterMetricFamily(f"{PREFIX}_prefix_cache_hits", hits, cache.hit_tokens)
    evicted = "Blocks of tokens that made room or were cleared."
    yield CounterMetricFamily(f"{PREFIX}_prefix_cache_evicted_blocks", evicted, cache.evicted)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", text, value)
