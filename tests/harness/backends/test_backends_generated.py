"""A model that is made from an id has one folder for every server, and is written once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.backends import BACKENDS, Launch, ServerProcess
from harness.backends.generated import Generated, generated
from harness.errors import BackendError, UsageError
from harness.provenance import model_files

needs_server = pytest.mark.skipif(
    BACKENDS["mlx-lm"].missing() is not None, reason="needs the server extra"
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def writing(folder: Path, code: str) -> Launch:
    """A server whose model is made by Python code that finds the folder's path in ``out``."""
    command = (sys.executable, "-c", f"import pathlib\nout = pathlib.Path({str(folder)!r})\n{code}")
    sleeping = (sys.executable, "-c", "import time; time.sleep(60)")
    made = Generated(folder, command)
    return Launch(sleeping, "http://127.0.0.1:1/v1", "m", model_path=folder, generated=made)


def test_other_models_are_not_generated() -> None:
    assert generated(None) is None
    assert generated("./random") is None
    assert generated("mlx-community/Qwen3-0.6B-4bit") is None


@pytest.mark.parametrize("name", sorted(BACKENDS))
@pytest.mark.parametrize("model", ["random:9m", "random:", "random:--out"])
def test_an_unknown_one_is_refused_with_those_that_there_are(name: str, model: str) -> None:
    with pytest.raises(UsageError, match=f"{model}.*cannot be made.*random:20m, random:90m"):
        BACKENDS[name].launch(model, 4321)


def test_every_server_gets_the_same_one_and_a_launch_writes_nothing(cache: Path) -> None:
    made = [backend.launch("random:90m", 4321) for backend in BACKENDS.values()]
    folders = {launch.model_path for launch in made}
    assert len(folders) == 1
    (folder,) = folders
    assert folder is not None
    assert folder.parent == cache / "mlx-serving-harness" / "models"
    assert folder.name.startswith("random-90m-")
    assert all(launch.generated is not None for launch in made)
    assert not cache.exists()
    assert BACKENDS["reference"].launch("random:90m@1", 4321).model_path != folder


def test_the_reference_server_makes_it_itself_and_others_read_the_folder(cache: Path) -> None:
    assert "random:90m" in BACKENDS["reference"].launch("random:90m", 4321).argv
    launch = BACKENDS["mlx-lm"].launch("random:90m", 4321)
    assert "random:90m" not in launch.argv
    assert str(launch.model_path) in launch.argv
    assert launch.env["HF_HUB_OFFLINE"] == "1"


def test_without_a_cache_variable_it_is_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    made = generated("random:1m")
    assert made is not None
    assert made.folder.parent == tmp_path / ".cache" / "mlx-serving-harness" / "models"


@needs_server
def test_the_command_writes_the_folder(cache: Path) -> None:
    made = generated("random:1m")
    assert made is not None
    made.write()
    files = model_files(made.folder)
    assert {"config.json", "model.safetensors", "tokenizer.json"} < set(files)
    before = (made.folder / "model.safetensors").stat()
    made.write()
    assert (made.folder / "model.safetensors").stat() == before
    assert list(made.folder.parent.iterdir()) == [made.folder]


def test_starting_a_server_writes_it_first_and_once(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    launch = writing(folder, "out.mkdir(); (out.parent / 'log').open('a').write('made ')")
    with ServerProcess(launch) as process:
        assert folder.is_dir()
        process.restart()
    assert (tmp_path / "log").read_text() == "made "


def test_one_that_cannot_be_written_is_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    launch = writing(tmp_path / "model", "raise SystemExit('noise\\nThe disk is full.')")
    process = ServerProcess(launch)
    with pytest.raises(BackendError, match=r"^The disk is full\. The command was: "), process:
        pass
    assert process.pid is None


def test_another_harness_that_was_first_is_no_error(tmp_path: Path) -> None:
    launch = writing(tmp_path / "model", "out.mkdir(); raise SystemExit('it is there already')")
    with ServerProcess(launch) as process:
        assert process.alive()


def test_a_generator_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.backends.generated.TIMEOUT_S", 0.3)
    launch = writing(tmp_path / "model", "import time; time.sleep(60)")
    with pytest.raises(BackendError, match="cannot be made"), ServerProcess(launch):
        pass
