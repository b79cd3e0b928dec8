"""What a suite is, and where suites are found.

A suite is any object with these attributes; there is no base class. It is found as ``SUITE`` in
``suites/<name>/suite.py`` of this distribution or under the entry-point group ``harness.suites``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol, TypeAlias

from harness.errors import UsageError
from harness.records import Case, Json, Measurement, Profile, Target, Verdict
from harness.wire import Client

GROUP = "harness.suites"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user chose for a run; part of the run's plan."""

    profile: Profile = "quick"
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Context:
    """What a case may use while it is measured.

    ``note`` adds a sentence to the run's record. ``restart`` brings a managed backend back to
    life; it is None for a server that somebody else started. ``scratch`` lives as long as the
    run: a place for preconditions that are established once.
    """

    target: Target
    client: Client
    options: Options
    note: Callable[[str], None]
    restart: Callable[[], Awaitable[None]] | None = None
    scratch: dict[str, Any] = field(default_factory=dict)


class Suite(Protocol):
    """A family of questions.

    ``measure`` takes one repetition of one case and returns what happened; it raises nothing that a
    misbehaving server can cause. ``judge`` is pure: the same measurements give the same verdicts.
    It gives one verdict for each measured case (``case_id`` set) and at least one for the suite.

    ``turn`` orders suites that run on one server: low numbers want a fresh one (times), high ones
    leave it worn or dead (adversarial requests).
    """

    name: str
    version: str
    summary: str
    turn: int

    def cases(self, options: Options) -> Sequence[Case]:
        """The plan, in the order in which it is to be measured."""
        ...

    def duration_s(self, cases: Sequence[Case]) -> float:
        """A rough estimate of the time the cases take, in seconds, told before the start."""
        ...

    async def measure(self, case: Case, repeat: int, context: Context) -> Measurement:
        """One repetition of one case."""
        ...

    def judge(self, cases: Sequence[Case], measurements: Sequence[Measurement]) -> list[Verdict]:
        """Verdicts from everything that was measured."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What another tool's file holds, in our words. ``tool`` is the one that measured."""

    suite: str
    tool: str
    model: str
    base_url: str
    cases: tuple[Case, ...]
    measurements: tuple[Measurement, ...]
    verdicts: tuple[Verdict, ...]


# From a file's text to what it holds; found under the entry-point group ``harness.importers``.
Importer: TypeAlias = Callable[[str], Imported]


def discover() -> dict[str, Suite]:
    """All suites by name, in the order of their turns.

    Raises:
        UsageError: an entry point does not load, or two share a name.
    """
    suites = {name: _load(point) for name, point in _points().items()}
    return dict(sorted(suites.items(), key=lambda item: (item[1].turn, item[0])))


def find(name: str) -> Suite:
    """The suite of that name; other suites are not loaded.

    Raises:
        UsageError: there is none (the message lists those that exist), or it does not load.
    """
    points = _points()
    if name not in points:
        known = ", ".join(points) or "none installed"
        raise UsageError(f"There is no suite {name!r}.", remedy=f"Known suites: {known}.")
    return _load(points[name])


def _points() -> dict[str, EntryPoint]:
    points: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: (p.name, p.value)):
        if points.setdefault(point.name, point).value != point.value:
            raise UsageError(f"Two suites are called {point.name!r}.", remedy="Uninstall one.")
    return points


def _load(point: EntryPoint) -> Suite:
    try:
        suite: Suite = point.load()
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"The suite {point.name!r} ({point.value}) does not load: {error}.",
            remedy="Install what it needs, or uninstall the package that brought it.",
        ) from error
    return suite
