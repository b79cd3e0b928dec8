"""The rules of ARCHITECTURE.md, enforced: who imports whom, and how big things may grow."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("harness", "reference_server", "suites", "training")

# a part -> the parts that it may import; every part may import itself
ALLOWED: dict[str, set[str]] = {
    "harness.errors": set(),
    "harness.records": set(),
    "harness.statistics": {"harness.records"},
    "harness.wire": {"harness.records", "harness.errors", "harness.statistics"},
    "harness.load": {"harness.records", "harness.errors", "harness.statistics", "harness.wire"},
    "harness.backends": {"harness.records", "harness.errors", "harness.statistics"},
    "harness.provenance": {"harness.records", "harness.errors", "harness.statistics"},
    "harness.store": {"harness.records", "harness.errors", "harness.statistics"},
    "harness.suite": {"harness.records", "harness.errors", "harness.wire"},
    "harness.report": {
        "harness.store", "harness.statistics", "harness.records", "harness.errors"
    },
}  # fmt: skip
FRONT = {
    "harness.__main__",
    "harness.cli",
    "harness.pytest_plugin",
    "harness.console",
    "harness.runner",
}
SUITE_MAY = {
    "harness.records", "harness.errors", "harness.wire", "harness.load", "harness.statistics",
    "harness.suite",
}  # fmt: skip
# The one package that may look into the reference server: it makes the embedded model, and examines
# it with the server's own loader and parsers.
TRAINING_MAY = {
    "harness.records", "harness.errors", "harness.statistics", "reference_server.blas",
    "reference_server.chat", "reference_server.models", "reference_server.tool_formats",
}  # fmt: skip


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str) -> set[str]:
    """Absolute names of everything that a source imports, at any depth."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def part_of(name: str) -> str:
    """harness.wire.client -> harness.wire; other packages are one part each."""
    pieces = name.split(".")
    return ".".join(pieces[:2]) if pieces[0] == "harness" else pieces[0]


def forbidden(module: str, imports: set[str]) -> set[str]:
    """The imports of ours that the module may not have."""
    here = part_of(module)
    if here == "training":
        return {n for n in imports if n.split(".")[0] in PACKAGES and not training_may(n)}
    parts = {part_of(name) for name in imports if name.split(".")[0] in PACKAGES}
    parts = {p for p in parts if (ROOT / p.replace(".", "/")).is_dir() or is_module(p)}
    parts -= {here, "harness"}  # `harness` itself holds the version only
    if here in ALLOWED:
        return parts - ALLOWED[here]
    if here == "suites":
        return parts - SUITE_MAY
    if here == "reference_server":
        return parts
    return {p for p in parts if p in ("reference_server", "suites", "training")} | (
        parts & FRONT if here not in FRONT else set()
    )


def training_may(name: str) -> bool:
    return name in ("harness", "reference_server") or any(
        name == part or name.startswith(f"{part}.") for part in ("training", *TRAINING_MAY)
    )


def is_module(part: str) -> bool:
    return (ROOT / (part.replace(".", "/") + ".py")).is_file()


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_follow_the_drawing(path: Path) -> None:
    wrong = forbidden(name_of(path), imports_of(path.read_text()))
    assert not wrong, f"{name_of(path)} may not import {', '.join(sorted(wrong))}"


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("harness.statistics.x", "from harness.wire import Client"),
        ("harness.wire.x", "import harness.session"),
        ("harness.report.x", "from harness.session import Session"),
        ("harness.session", "from reference_server import service"),
        ("harness.session", "from harness.cli import app"),
        ("reference_server.api.x", "from harness.records import Case"),
        ("suites.contract.x", "from harness.store import RunLog"),
        ("harness.session", "from training.dice import Dice"),
        ("harness.statistics.x", "import training"),
        ("reference_server.models.x", "from training.settings import CONFIG"),
        ("suites.tool_calling.x", "from training import values"),
        ("training.x", "from harness.wire import Client"),
        ("training.x", "from reference_server.engine.loop import Engine"),
        ("training.x", "from suites.tool_calling.values import violation"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str) -> None:
    assert forbidden(module, imports_of(source))


def test_training_may_use_the_servers_loader_and_parsers() -> None:
    source = "from reference_server.models.load import load_model\nimport harness.statistics"
    assert forbidden("training.evaluate", imports_of(source)) == set()


def private_imports(source: str) -> set[str]:
    """Names with an underscore first that a source takes from other modules."""
    return {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.startswith("__")
    }


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_private_names_stay_in_their_module(path: Path) -> None:
    assert private_imports(path.read_text()) == set()


def test_a_private_import_is_found() -> None:
    assert private_imports("from training.tools import _parts, fill") == {"_parts"}


def names_mlx_core(source: str) -> bool:
    return any(n == "mlx.core" or n.startswith("mlx.core.") for n in imports_of(source))


def test_mlx_is_imported_in_one_place_after_the_blas() -> None:
    offenders = [
        name_of(path)
        for path in modules()
        if name_of(path) != "reference_server.blas" and names_mlx_core(path.read_text())
    ]
    assert offenders == []
    assert names_mlx_core((ROOT / "reference_server" / "blas.py").read_text())


def test_the_client_needs_no_mlx() -> None:
    for path in modules():
        if not name_of(path).startswith(("reference_server", "training")):
            assert not any(n.split(".")[0].startswith("mlx") for n in imports_of(path.read_text()))


def too_long(source: str, limit: int) -> list[str]:
    return [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > limit
    ]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= 400
    assert too_long(source, 60) == []


def test_a_long_function_is_found() -> None:
    assert too_long("def f():\n" + "    x = 1\n" * 60, 60) == ["f (61 lines)"]


def broad_excepts(source: str) -> int:
    return sum(
        isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
        for node in ast.walk(ast.parse(source))
    )


BOUNDARIES = {
    "harness.cli": 1,  # no traceback reaches a user
    "harness.session": 1,  # a suite's defect must not lose the run
    "reference_server.api.boundary": 1,  # a request's defect is a 500 in the route's shape
    "reference_server.engine.forward": 1,  # a model class that refuses slots gets no slots
    "reference_server.engine.loop": 2,  # a request's or a task's exception must not end the engine
    "reference_server.engine.work": 1,  # nor must that of work beside the rows
}


def test_broad_excepts_stand_at_the_named_boundaries_only() -> None:
    found = {name_of(path): broad_excepts(path.read_text()) for path in modules()}
    assert {name: n for name, n in found.items() if n} == {
        name: n for name, n in BOUNDARIES.items() if found.get(name)
    }


def asserts(source: str) -> int:
    return sum(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source)))


def test_assert_is_for_tests() -> None:
    assert [name_of(path) for path in modules() if asserts(path.read_text())] == []
    assert asserts("assert x") == 1
