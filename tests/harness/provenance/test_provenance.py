"""A run tells under what conditions it was measured, and nothing that it should not tell."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import provenance
from harness.errors import StoreError
from harness.provenance import machine
from harness.provenance.checkout import git
from harness.provenance.collect import environment
from harness.provenance.identity import model_dtype

SERVER = {"name": "s", "version": "1", "command": f"{sys.executable} -m s", "url": "http://x/v1"}


@pytest.fixture(scope="module")
def collected() -> dict[str, object]:
    return provenance.collect(server=SERVER, model_path=None)


def test_it_is_complete_here_and_is_json(collected: dict[str, object]) -> None:
    provenance.require(collected)
    assert json.loads(json.dumps(collected)) == collected


def test_a_prompt_set_is_told_only_where_the_plan_does_not(collected: dict[str, object]) -> None:
    assert "prompts_hash" not in collected
    told = provenance.collect(server=SERVER, model_path=None, prompts_hash="abc")
    assert told["prompts_hash"] == "abc"


@pytest.mark.parametrize(
    ("part", "name"), [("machine", "chip"), ("server", "version"), ("clock", "resolution_s")]
)
def test_what_is_missing_is_named(collected: dict[str, object], part: str, name: str) -> None:
    lacking = json.loads(json.dumps(collected))
    del lacking[part][name]
    with pytest.raises(StoreError, match=f"{part}.{name}"):
        provenance.require(lacking)


@pytest.mark.parametrize("part", ["environment", "git", "model", "who", "machine"])
def test_a_whole_part_that_is_missing_is_named(collected: dict[str, object], part: str) -> None:
    lacking = {name: value for name, value in collected.items() if name != part}
    with pytest.raises(StoreError, match=part):
        provenance.require(lacking)


def test_a_checkout_is_not_required(collected: dict[str, object]) -> None:
    provenance.require({**collected, "git": None})


def test_no_path_of_the_machine_and_no_name_is_told(
    collected: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "planted-host")
    monkeypatch.setattr("getpass.getuser", lambda: "planted-user")
    text = json.dumps(provenance.collect(server=SERVER, model_path=Path.home() / "models" / "m"))
    assert sys.prefix not in text
    assert str(Path.home()) not in text
    assert "~/models/m" in text
    assert "python -m s" in text
    assert "planted" not in text


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", nameless)
    who = provenance.collect(server=SERVER, model_path=None)["who"]
    monkeypatch.setattr("getpass.getuser", lambda: "a name")
    assert provenance.collect(server=SERVER, model_path=None)["who"] != who


def test_two_hosts_differ_and_one_stays_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def who(host: str) -> object:
        monkeypatch.setattr("socket.gethostname", lambda: host)
        return provenance.collect(server=SERVER, model_path=None)["who"]

    assert who("a") == who("a") != who("b")


def test_only_variables_that_matter_are_kept_and_secrets_are_not() -> None:
    given = {"MLX_A": "1", "VLLM_API_KEY": "sk-planted", "MKL_CBWR": "AVX2", "HOME": "/x"}
    assert environment(given) == {
        "MLX_A": "1",
        "MKL_CBWR": "AVX2",
        "VLLM_API_KEY": "[redacted]",
    }


def test_model_files_are_told_by_content(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "README.md").write_text("prose decides nothing")
    first = provenance.model_files(tmp_path)
    assert list(first) == ["model.safetensors"]
    (tmp_path / "model.safetensors").write_bytes(b"Weights")
    assert provenance.model_files(tmp_path) != first
    single = provenance.model_files(tmp_path / "model.safetensors")
    assert single == provenance.model_files(tmp_path)
    assert provenance.model_files(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    ("config", "dtype"),
    [
        ('{"torch_dtype": "bfloat16"}', "bfloat16"),
        ('{"dtype": "float32", "torch_dtype": "float16"}', "float32"),
        ('{"torch_dtype": "bfloat16", "quantization": {"bits": 4}}', "bfloat16, 4 bit"),
        ("{}", None),
        ("[]", None),
        ("no json", None),
    ],
)
def test_the_type_of_the_weights_is_read(tmp_path: Path, config: str, dtype: str | None) -> None:
    assert model_dtype(tmp_path) is None
    (tmp_path / "config.json").write_text(config)
    assert model_dtype(tmp_path) == dtype


def conditions(weights: str = "1", chip: str = "M4", dtype: str | None = None) -> dict[str, object]:
    return {
        "model": {"files": {"a": weights}, "dtype": dtype},
        "machine": {"chip": chip, "cores_usable": 10},
    }


def header(**changes: object) -> dict[str, object]:
    base: dict[str, object] = {
        "suite": "throughput",
        "suite_version": "1",
        "profile": "quick",
        "options": {},
        "plan_hash": "p",
        "target": {"model": "m", "dialect": "openai"},
        "provenance": conditions(),
    }
    return {**base, **changes}


def test_identity_changes_with_what_forbids_a_ratio_and_with_nothing_else() -> None:
    same = provenance.identity(header())
    assert provenance.identity(header(started_at="later", run_id="other")) == same
    for change in (
        {"plan_hash": "q"},
        {"suite_version": "2"},
        {"options": {"words": 3}},
        {"provenance": conditions(dtype="float16")},
        {"target": {"model": "m", "dialect": "anthropic"}},
        {"provenance": conditions(weights="2")},
        {"provenance": conditions(chip="M3")},
    ):
        assert provenance.identity(header(**change)) != same


def test_a_model_that_cannot_be_hashed_is_told_by_name_only() -> None:
    unknown = header(
        provenance={"model": {"files": {}}, "machine": {"chip": "M4", "cores_usable": 10}}
    )
    assert provenance.identity(unknown)["model"] == "name only: m"


def run_git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True)


def tell(folder: Path) -> dict[str, object]:
    git.cache_clear()
    found = git(folder)
    assert found is not None
    return found


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_tells_the_commit_and_every_difference(tmp_path: Path) -> None:
    git.cache_clear()
    assert git(tmp_path) is None
    run_git(tmp_path, "init")
    (tmp_path / ".gitignore").write_text("ignored\n")
    (tmp_path / "a.py").write_text("1")
    run_git(tmp_path, "add", ".")
    run_git(tmp_path, "commit", "-m", "first")
    (tmp_path / "ignored").mkdir()
    (tmp_path / "ignored" / "x").write_text("1")
    clean = tell(tmp_path)
    assert (clean["dirty"], clean["diff_sha256"]) == (False, None)
    seen = {None}
    for name, text in (("a.py", "2"), ("new.py", "1"), ("new.py", "2"), ("a.py", "1")):
        (tmp_path / name).write_text(text)
        dirty = tell(tmp_path)
        assert dirty["commit"] == clean["commit"]
        assert dirty["dirty"] is True
        assert dirty["diff_sha256"] not in seen
        seen.add(dirty["diff_sha256"])
    git.cache_clear()
    assert git(tmp_path / "ignored") is None  # an environment inside somebody's project


# Output as the commands' manual pages show it; the macOS path was not run on macOS.
PMSET_AC = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t100%; charged; 0:00 remaining"
PMSET_BATTERY = "Now drawing from 'Battery Power'\n -InternalBattery-0\t90%; discharging"
PMSET_LIMITED = "CPU_Scheduler_Limit \t= 100\nCPU_Available_CPUs \t= 8\nCPU_Speed_Limit \t= 70\n"


def test_power_and_thermal_state_of_macos_are_read() -> None:
    assert machine.parse_pmset_power(PMSET_AC) == "mains"
    assert machine.parse_pmset_power(PMSET_BATTERY) == "battery"
    assert machine.parse_pmset_power("") == "unknown"
    assert machine.parse_pmset_thermal(PMSET_LIMITED) == "limited to 70 %"
    assert machine.parse_pmset_thermal("Note: No thermal warning level has been recorded") == (
        "nominal"
    )
    assert machine.parse_pmset_thermal("") == "unknown"
    assert machine.parse_pmset_low_power(" lowpowermode         1\n") is True
    assert machine.parse_pmset_low_power("Currently in use:\n lowpowermode 0\n") is False
    assert machine.parse_pmset_low_power(" sleep 1\n\n") is None
    assert machine.parse_count("10\n") == 10
    assert machine.parse_count("") is None


def test_limits_of_a_container_are_read() -> None:
    assert machine.parse_cpu_limit("150000 100000\n") == 1.5
    assert machine.parse_cpu_limit("max 100000\n") is None
    assert machine.parse_cpu_limit("-1\n 100000\n") is None
    assert machine.parse_cpu_limit(" ") is None
    assert machine.parse_memory_limit("1073741824\n") == 1 << 30
    assert machine.parse_memory_limit("max\n") is None
    assert machine.parse_memory_limit("9223372036854771712\n") is None
    assert machine.parse_memory_limit("") is None


def test_processor_and_system_are_read() -> None:
    assert machine.parse_cpuinfo("processor\t: 0\nmodel name\t: Ryzen 9\n") == "Ryzen 9"
    assert machine.parse_cpuinfo("Hardware : x\nModel : Raspberry Pi 5\n") == "Raspberry Pi 5"
    arm = "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"
    assert machine.parse_cpuinfo(arm) == "ARM implementer 0x41 part 0xd0c"
    assert machine.parse_os_release('NAME="Debian"\nPRETTY_NAME="Debian 12"\n')["PRETTY_NAME"] == (
        "Debian 12"
    )
    assert machine.parse_colons("ProductName:\t\tmacOS\nBuildVersion:\t25A1\n") == {
        "ProductName": "macOS",
        "BuildVersion": "25A1",
    }
