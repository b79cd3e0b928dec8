"""The engine: one thread that owns MLX and gives every running request a token a step.

Read ``Engine.step`` first. Requests come in through ``submit`` from any thread; what a step gives
goes to their event loops in one hand-over.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any, TypeVar

from reference_server.engine.decoder import Decoder, Output
from reference_server.engine.inbox import Inbox
from reference_server.engine.scheduler import Scheduler
from reference_server.engine.sequence import Event, Sequence
from reference_server.engine.thread import join
from reference_server.engine.work import Steps, Work
from reference_server.errors import GenerationFailed, ModelNotLoaded, ServerError, Unavailable

logger = logging.getLogger("reference_server.engine")

T = TypeVar("T")

STOPPING = "The server is shutting down."

# After the abort the thread ends with the step that it is in. A chunk of prefill of the largest
# models takes seconds; a thread that takes longer is stuck and must not hold up the exit.
ABORT_S = 10.0


class Engine:
    """Continuous batching over a decoder that ``build`` makes on the engine's own thread."""

    def __init__(self, build: Callable[[], Decoder], *, max_batch: int, max_queue: int) -> None:
        self._build = build
        self._decoder: Decoder | None = None
        self._intact = False  # False before the decoder is built, and after a fault
        self._freeing = False  # while rows are freed: what fails then is no running row's fault
        self._scheduler = Scheduler(max_batch)
        self.places = max_batch + max_queue
        self._inbox = Inbox(self.places)
        self._works: deque[Work[Any]] = deque()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._ready = threading.Event()
        self._events: list[tuple[Sequence, Event]] = []
        self.failure: str | None = None
        self.finished = 0

    # -- from any thread ----------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread and wait until the decoder is built.

        Raises:
            ModelNotLoaded: building it failed.
        """
        self._thread.start()
        self._ready.wait()
        if self.failure is not None:
            raise ModelNotLoaded(self.failure)

    def submit(self, sequence: Sequence) -> None:
        """Put a request in line.

        Raises:
            Overloaded: the line is full.
            Unavailable: the engine is shutting down or dead.
        """
        self._inbox.put(sequence)

    def cancel(self, sequence: Sequence) -> None:
        """Free a request's row within one step; it gets no more events."""
        self._inbox.cancel(sequence)

    def ask(self, task: Callable[[], T]) -> Future[T]:
        """Have something done on the engine's thread between two steps.

        Raises:
            Unavailable: the engine is shutting down or dead.
        """
        answer: Future[T] = Future()

        def do() -> None:
            try:
                answer.set_result(task())
            except Exception as error:  # noqa: BLE001 - it is told to the one who asked
                answer.set_exception(error)

        self._inbox.ask(do)
        return answer

    def work(self, steps: Steps[T]) -> Future[T]:
        """Have something longer done: one step of it, of all such work, between two steps.

        ``cancel`` of what is given ends it at its next step.

        Raises:
            Overloaded: the line is full.
            Unavailable: the engine is shutting down or dead.
        """
        work = Work(steps)
        self._inbox.put(work)
        return work.answer

    def limit(self, rows: int | None) -> None:
        """Admit so many rows at a time from now on, or as many as fit; those who run go on."""
        self._scheduler.limit = rows

    def close(self, drain_s: float) -> None:
        """Let nobody in, give those inside ``drain_s`` to finish, then end them with an error."""
        self._inbox.close(STOPPING)
        self._thread.join(drain_s)
        self._inbox.close(STOPPING, abort=True)
        join(self._thread, ABORT_S)

    @property
    def alive(self) -> bool:
        """Whether requests are being computed."""
        return self._thread.is_alive() and self._ready.is_set() and self.failure is None

    @property
    def running(self) -> int:
        """How many requests have a row."""
        return len(self._scheduler.running)

    @property
    def waiting(self) -> int:
        """How many requests are in line."""
        return max(0, self._inbox.open - self.running)

    @property
    def closing(self) -> bool:
        """Whether nobody is let in any more."""
        return self._inbox.closed is not None

    # -- on the engine's thread -----------------------------------------------------------------

    def step(self, decoder: Decoder) -> None:
        """Admit, compute, deliver: a token for every running request."""
        self._admit(decoder)
        self._advance()
        outputs = decoder.step()
        self._deliver(outputs)
        self._free(decoder, [one.sequence for one in outputs if one.error is not None])

    def _admit(self, decoder: Decoder) -> None:
        """Take what came in; free the cancelled rows, and fill free ones from the line."""
        news = self._inbox.take(wait=self._scheduler.idle and not self._works)
        for task in news.tasks:
            task()
        self._works.extend(news.works)
        for sequence in news.new:
            self._scheduler.enqueue(sequence)
        for sequence in news.cancelled:  # all before any row, whose removal may raise
            self._release(sequence)
        self._free(decoder, news.cancelled)
        for sequence in self._scheduler.admit(decoder.fits):
            decoder.add(sequence)

    def _free(self, decoder: Decoder, sequences: Iterable[Sequence]) -> None:
        self._freeing = True
        for sequence in sequences:
            decoder.remove(sequence)
        self._freeing = False

    def _advance(self) -> None:
        """One step of the first work; what holds no memory lets the next go first."""
        if not self._works:
            return
        work = self._works[0]
        may_wait = work.advance()
        if work.over:
            self._works.popleft()
            self._inbox.done()
        elif may_wait:
            self._works.rotate(-1)

    def _deliver(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            if output.error is not None:
                self._fail(output.sequence, output.error)
                continue
            self._events.append(
                (output.sequence, Event(output.token, output.finish, logprobs=output.logprobs))
            )
            if output.finish is not None:
                self._release(output.sequence)
        self._send()

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            self._end(sys.exception())

    def _turn(self) -> bool:
        """One step; False when it was the last."""
        try:
            self.step(self._prepared())
        except Exception as error:  # noqa: BLE001 - whatever one request breaks, the others go on
            if not self._survive(error):
                return False
        over = self._inbox.closed is not None and self._inbox.open == 0
        return not (over or self._inbox.aborted)

    def _prepared(self) -> Decoder:
        """The decoder: built the first time, and after a fault emptied, tried and filled again."""
        if self._intact and self._decoder is not None:
            return self._decoder
        if self._decoder is None:
            self._decoder = self._build()
        else:
            self._decoder.reset()
        self._intact = True
        self._ready.set()
        for sequence in self._scheduler.running:
            self._decoder.add(sequence)
        return self._decoder

    def _survive(self, error: Exception) -> bool:
        """Fail the request that raised, keep the others; False when the engine itself is broken."""
        running = self._scheduler.running
        culprit = self._decoder.culprit() if self._decoder is not None else None
        if culprit is None and len(running) == 1 and not self._freeing:
            culprit = running[0]
        self._freeing = False
        if not self._ready.is_set():
            self.failure = _sentence(error)  # the caller of `start` hears of it
            return False
        logger.error("a step of the engine failed", exc_info=error)
        if not self._intact:
            self.failure = _sentence(error)
            return False
        self._intact = False
        if culprit is None:
            self._scheduler.suspect()
        else:
            self._fail(culprit, GenerationFailed(f"The generation failed: {_sentence(error)}"))
        self._send()
        return True

    def _end(self, error: BaseException | None) -> None:
        """The thread's last act, however it ends: nobody is left waiting for an answer."""
        if error is not None:
            self.failure = _sentence(error)
        reason = f"The engine has stopped: {self.failure}" if self.failure else STOPPING
        self._inbox.close(reason, abort=True)
        news = self._inbox.take(wait=False)
        for task in news.tasks:
            task()
        for sequence in news.new:
            self._scheduler.enqueue(sequence)
        for work in (*self._works, *news.works):
            work.fail(Unavailable(reason))
            self._inbox.done()
        self._works.clear()
        for sequence in self._scheduler.drain():
            self._events.append((sequence, Event(error=Unavailable(reason))))
            self._inbox.done()
        self._send()
        self._ready.set()
        if self._decoder is not None:
            self._decoder.close()

    def _fail(self, sequence: Sequence, error: ServerError) -> None:
        self._events.append((sequence, Event(error=error)))
        self._release(sequence)

    def _release(self, sequence: Sequence) -> None:
        if self._scheduler.release(sequence):
            self.finished += 1
            self._inbox.done()

    def _send(self) -> None:
        """Hand the step's events over, once for each event loop."""
        loops: dict[asyncio.AbstractEventLoop, list[tuple[Sequence, Event]]] = {}
        for sequence, event in self._events:
            loops.setdefault(sequence.loop, []).append((sequence, event))
        self._events = []
        for loop, events in loops.items():
            try:
                loop.call_soon_threadsafe(_dispatch, events)
            except RuntimeError:  # the loop is closed: nobody is left to listen
                for sequence, _ in events:
                    self._inbox.cancel(sequence)


def _sentence(error: BaseException) -> str:
    """An error in one line; ours are sentences already, others need their type to make sense."""
    text = " ".join(str(error).split())
    return text if isinstance(error, ServerError) else f"{type(error).__name__}: {text}"


def _dispatch(events: list[tuple[Sequence, Event]]) -> None:
    for sequence, event in events:
        sequence.listener(event)
