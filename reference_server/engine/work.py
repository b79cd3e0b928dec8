"""Work beside the rows: done on the engine's thread in steps, one between two steps of the rows."""

from __future__ import annotations

import logging
from collections.abc import Generator
from concurrent.futures import Future
from typing import Generic, TypeAlias, TypeVar

from reference_server.errors import GenerationFailed, ServerError

logger = logging.getLogger("reference_server.engine")

T = TypeVar("T")

# What a step gives: whether the work holds no memory now, so that other work may go first.
Steps: TypeAlias = Generator[bool, None, T]


class Work(Generic[T]):
    """A result that takes many steps. Whoever does not want it any more cancels ``answer``."""

    def __init__(self, steps: Steps[T]) -> None:
        self._steps = steps
        self.answer: Future[T] = Future()
        self.over = False

    def advance(self) -> bool:
        """Do one step; whether other work may go first. Sets ``over`` with the last one."""
        if self.answer.cancelled():
            self.over = True
            self._steps.close()
            return True
        try:
            return next(self._steps)
        except StopIteration as end:
            self.over = True
            if self.answer.set_running_or_notify_cancel():
                self.answer.set_result(end.value)
        except ServerError as error:
            self.fail(error)
        except Exception as error:
            logger.exception("work beside the rows failed")
            self.fail(GenerationFailed(f"The work failed: {type(error).__name__}."))
        return True

    def fail(self, error: ServerError) -> None:
        """End it with an error."""
        self.over = True
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_exception(error)
