"""Several answers to one prompt, or to each of several, made side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from reference_server.chat.pieces import Piece
from reference_server.errors import ServerError
from reference_server.generation import Generation


class Several:
    """The generations of one request, in the order of their choices; one is several, too.

    So many ``answers`` in a row answer the same prompt; None when all of them do.
    """

    def __init__(self, generations: Sequence[Generation], answers: int | None = None) -> None:
        self.each = tuple(generations)
        self._prompts = self.each[:: answers or max(1, len(self.each))]

    @classmethod
    def of_prompts(
        cls,
        generate: Callable[[Sequence[int]], Several],
        prompts: Sequence[Sequence[int]],
        answers: int,
    ) -> Several:
        """What ``generate`` makes of each prompt, ``answers`` of each, as one.

        Raises:
            ServerError: as ``generate``; then none is made.
        """
        made: list[Several] = []
        try:
            for prompt in prompts:
                made.append(generate(prompt))
        except ServerError:
            for one in made:
                one.cancel()
            raise
        return cls([one for several in made for one in several.each], answers)

    @property
    def first(self) -> Generation:
        """The first choice's."""
        return self.each[0]

    @property
    def started(self) -> float:
        """When the request came, on the monotonic clock."""
        return self.first.started

    @property
    def state(self) -> str:
        """That of the first that is not finished; ``finished`` when all are."""
        states = [one.state for one in self.each]
        return next((state for state in states if state != "finished"), "finished")

    @property
    def prompt_tokens(self) -> int:
        """Tokens of the prompts, each counted once."""
        return sum(one.prompt_tokens for one in self._prompts)

    @property
    def cached_tokens(self) -> int:
        """Tokens of the prompts that the first choice of each took from the prefix cache."""
        return sum(one.cached_tokens for one in self._prompts)

    @property
    def completion_tokens(self) -> int:
        """Tokens of all answers."""
        return sum(one.completion_tokens for one in self.each)

    @property
    def reasoning_tokens(self) -> int:
        """Tokens inside the thoughts of all answers."""
        return sum(one.reasoning_tokens for one in self.each)

    def cancel(self) -> None:
        """Give all of them up."""
        for one in self.each:
            one.cancel()

    def abort(self) -> None:
        """End all of them on behalf of somebody else than their reader."""
        for one in self.each:
            one.abort()

    async def pieces(self) -> AsyncIterator[tuple[int, Piece | None]]:
        """Pieces of all answers as they come, with the choice's index; None is an answer's end.

        Raises:
            ServerError: as a generation's own iteration.
        """
        if len(self.each) != 1:
            async for index, piece in self._merged():
                yield index, piece
            return
        async for piece in self.first:  # without a queue and a task of its own
            yield 0, piece
        yield 0, None

    async def _merged(self) -> AsyncIterator[tuple[int, Piece | None]]:
        mail: asyncio.Queue[tuple[int, Piece | ServerError | None]] = asyncio.Queue()

        async def read(index: int, generation: Generation) -> None:
            try:
                async for piece in generation:
                    mail.put_nowait((index, piece))
            except ServerError as error:
                mail.put_nowait((index, error))
            else:
                mail.put_nowait((index, None))

        readers = [asyncio.create_task(read(at, one)) for at, one in enumerate(self.each)]
        left = len(readers)
        try:
            while left:
                index, piece = await mail.get()
                if isinstance(piece, ServerError):
                    raise piece
                left -= piece is None
                yield index, piece
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
