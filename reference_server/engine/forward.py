"""The model over a slab: runs of prompts, or a token or a few for many slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, cast

from mlx_lm.models.cache import KVCache, make_prompt_cache

from reference_server.blas import mx
from reference_server.engine.slab import Layer, PrefillView, RunsView, Slab, StepView
from reference_server.errors import ServerError

Step: TypeAlias = Callable[..., list[mx.array]]

# How far the slots may be from mlx-lm's own cache, relative to the largest logit. Different shapes
# sum in different orders: some 1e-6 in float32 and 1e-2 in bfloat16; a wrong position or mask is
# off by the size of the logits themselves.
TOLERANCE = 0.05
PROBE = (1, 2, 3, 4, 5)


class NotPlain(ServerError):
    """The model's caches are not plain keys and values, or it does not work with slots."""


class Forward:
    """One model's forward passes over the slots of a slab.

    Raises:
        NotPlain: the model needs another decoder.
    """

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - mlx-lm's models share no base class
        self._model = model
        self._steps: dict[int, Step] = {}
        self._compile = True
        self.layers = _layers(model)
        self.vocabulary = 0
        self._probe()

    def prefill(self, slab: Slab, slot: int, start: int, tokens: Sequence[int]) -> None:
        """Enter ``tokens`` at index ``start`` of a slot; no logits are computed."""
        views = [PrefillView(keys, values, slot, start) for keys, values in _pairs(slab.arrays)]
        self._model(mx.array([tokens]), cache=views)
        slab.arrays = _arrays(views)

    def prefill_many(
        self,
        slab: Slab,
        slots: Sequence[int],
        starts: Sequence[int],
        runs: Sequence[Sequence[int]],
    ) -> None:
        """Enter several runs at once, each in its slot; the slab has room for the longest in all.

        On a device that a short run does not fill this is the difference between reading all
        weights once and once a request.
        """
        length = max(map(len, runs))
        offset, rows = mx.array(list(starts)), mx.array(list(slots))
        ends = offset[:, None] + mx.arange(length)
        mask = (mx.arange(max(starts) + length) <= ends[..., None])[:, None]
        views = [RunsView(keys, values, rows, offset, mask) for keys, values in _pairs(slab.arrays)]
        padded = [[*run, *[0] * (length - len(run))] for run in runs]
        self._model(mx.array(padded), cache=views)
        slab.arrays = _arrays(views)

    def step(self, slab: Slab, tokens: mx.array, positions: mx.array, seen: int) -> mx.array:
        """Logits (rows, vocabulary) after ``tokens`` (rows,) at ``positions`` (rows,).

        Rows are slots 0 to rows - 1; ``seen`` tokens of each are looked at, the own one included.
        """
        return self.steps(slab, tokens[:, None], positions, seen)[:, -1]

    def steps(self, slab: Slab, tokens: mx.array, positions: mx.array, seen: int) -> mx.array:
        """The same for ``tokens`` (rows, count) from ``positions`` on: logits after each of them.

        Shape (rows, count, vocabulary). No token sees those after it.
        """
        if seen not in self._steps:
            step = self._step_of(seen)
            self._steps[seen] = mx.compile(step) if self._compile else step
        logits, *slab.arrays = self._steps[seen](tokens, positions, *slab.arrays)
        return logits

    def _step_of(self, seen: int) -> Step:
        def step(tokens: mx.array, positions: mx.array, *arrays: mx.array) -> list[mx.array]:
            places = positions[:, None] + mx.arange(tokens.shape[1])
            mask = (mx.arange(seen) <= places[..., None])[:, None]
            views = [
                StepView(keys, values, positions, mask, seen) for keys, values in _pairs(arrays)
            ]
            return [self._model(tokens, cache=views), *_arrays(views)]

        return step

    def probe_steps(self, count: int) -> None:
        """Compare a step of ``count`` tokens with mlx-lm's own cache.

        Raises:
            NotPlain: they differ.
        """
        slab, tokens = Slab(self.layers), [1 + at % 7 for at in range(count + 1)]
        slab.reserve(2, count + 1)
        self.prefill(slab, 1, 0, tokens[:1])
        rows, positions = mx.array([[0] * count, tokens[1:]]), mx.array([0, 1])
        found = self.steps(slab, rows, positions, slab.capacity)
        differs = difference(found[1, -1], self._plain(tokens))
        if differs > TOLERANCE:
            raise NotPlain(f"{count} tokens at once change its logits by {differs:.0%}")

    def _probe(self) -> None:
        """Compare two slots at different positions with mlx-lm's own cache.

        Raises:
            NotPlain: they differ, or the model refuses the views.
        """
        for self._compile in (True, False):
            try:
                differs = self._difference()
            except Exception as error:  # noqa: BLE001 - whatever a model class does with its cache
                refusal = f"its layers refuse slots ({type(error).__name__}: {error})"
                self._steps.clear()
            else:
                if differs <= TOLERANCE:
                    return
                raise NotPlain(f"slots change its logits by {differs:.0%}")
        raise NotPlain(refusal)

    def _difference(self) -> float:
        slab = Slab(self.layers)
        slab.reserve(3, len(PROBE))
        self.prefill_many(slab, (2, 0), (0, 0), (PROBE[:1], PROBE[:2]))
        self.prefill(slab, 0, 2, PROBE[2:-1])
        last = len(PROBE) - 1
        tokens, positions = mx.array([PROBE[last], 0, PROBE[1]]), mx.array([last, 0, 1])
        found = self.step(slab, tokens, positions, slab.capacity)
        self.vocabulary = found.shape[-1]
        return max(
            difference(found[row], self._plain(PROBE[:length]))
            for row, length in ((0, len(PROBE)), (2, 2))
        )

    def _plain(self, tokens: Sequence[int]) -> mx.array:
        """The logits (vocabulary,) after these tokens with mlx-lm's own cache."""
        cache = make_prompt_cache(self._model)
        logits: mx.array = self._model(mx.array([tokens]), cache=cache)
        return logits[0, -1]


def _pairs(arrays: Sequence[mx.array]) -> Iterator[tuple[mx.array, mx.array]]:
    """Keys and values of each layer."""
    return zip(arrays[::2], arrays[1::2], strict=True)


def _arrays(views: Sequence[PrefillView | RunsView | StepView]) -> list[mx.array]:
    """What the views hold now, as a slab keeps it."""
    return [array for view in views for array in (view.keys, view.values)]


def difference(found: mx.array, expected: mx.array) -> float:
    """The largest difference, relative to the largest expected value."""
    found, expected = found.astype(mx.float32), expected.astype(mx.float32)
    return cast("float", (mx.abs(found - expected).max() / mx.abs(expected).max()).item())


def _layers(model: Any) -> tuple[Layer, ...]:  # noqa: ANN401 - see Forward
    """What each layer keeps, read off mlx-lm's own caches after one token.

    Raises:
        NotPlain: some layer keeps something else than plain keys and values.
    """
    caches = make_prompt_cache(model)
    others = sorted({type(cache).__name__ for cache in caches if type(cache) is not KVCache})
    if others or not caches:
        raise NotPlain(f"its layers keep {', '.join(others) or 'nothing'}")
    mx.eval(model(mx.array([[PROBE[0]]]), cache=caches))
    if any(cache.keys is None for cache in caches):
        raise NotPlain("some of its layers keep nothing")
    return tuple(
        Layer(cache.keys.shape[1], cache.keys.shape[3], cache.values.shape[3], cache.keys.dtype)
        for cache in caches
    )
