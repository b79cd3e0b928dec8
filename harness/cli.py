"""The command line: arguments in, one clear sentence or a report out. Measures nothing itself."""

from __future__ import annotations

import shlex
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from typer.exceptions import TyperException

from harness import __version__, doctor, store
from harness.backends import BACKENDS
from harness.catalogue import find_case, print_json, print_listing
from harness.console import Terminal, document, failure, summary
from harness.errors import HarnessError, NotAvailable, StoreError, UsageError
from harness.imports import import_file
from harness.reach import Choice
from harness.records import Dialect, Profile
from harness.report import write_report
from harness.report.write import check_place
from harness.runner import Outcomes, run_plans
from harness.session import exit_code, make_plans
from harness.suite import Options, Suite, discover, find

INTERRUPTED = 130  # 128 + SIGINT, as shells report it

app = typer.Typer(
    name="harness",
    help="Settles claims about local LLM servers: drives them, records, judges, reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]
Results = Annotated[Path, typer.Option("--results", help="Where runs are kept.")]
Model = Annotated[
    str | None, typer.Option(help="Path, id or random:90m; the embedded model when left out.")
]
Backends = Annotated[
    list[str] | None, typer.Option(help="Server to start; repeat to compare; see `backends`.")
]
BaseUrl = Annotated[str | None, typer.Option(help="A server that already runs, with its /v1.")]
Speaks = Annotated[Dialect, typer.Option(help="API that the server speaks.")]
ApiKeyEnv = Annotated[str | None, typer.Option(help="Environment variable that holds the API key.")]
Suites = Annotated[
    list[str] | None, typer.Option(help="Suite to run; repeatable; all when left out.")
]
HowMuch = Annotated[Profile, typer.Option(help="How much to ask.")]
Cases = Annotated[
    list[str] | None, typer.Option(help="Only the cases that match this glob; repeatable.")
]
Report = Annotated[
    Path, typer.Option(help="The HTML report; a Markdown file is written beside it.")
]
Scheduler = Annotated[
    str | None, typer.Option(help="Dask scheduler for load from several machines.")
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"harness {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Drives any OpenAI- or Anthropic-compatible server and settles claims about it."""


@app.command()
def run(
    model: Model = None,
    backend: Backends = None,
    base_url: BaseUrl = None,
    dialect: Speaks = "openai",
    api_key_env: ApiKeyEnv = None,
    suite: Suites = None,
    profile: HowMuch = "quick",
    case: Cases = None,
    results: Results = Path("results"),
    report: Report = Path("reports/latest.html"),
    scheduler: Scheduler = None,
    json_: Json = False,
) -> None:
    """Measure, record, judge and report.

    Examples:

    `harness run` – the embedded model on the reference server, all suites, offline

    `harness run --backend reference --backend mlx-lm --model ./Qwen3-0.6B-4bit`

    `harness run --base-url http://127.0.0.1:8080/v1 --model default_model --suite contract`
    """
    if scheduler is not None:
        raise _later("--scheduler", "load from several machines", "the throughput suite")
    if base_url is not None and backend:
        raise UsageError("--base-url and --backend exclude each other.", remedy="Give one of them.")
    check_place(report)
    choices = [
        Choice(name, base_url, model, dialect, api_key_env) for name in backend or ["reference"]
    ]
    plans = make_plans(_suites(suite), Options(profile=profile), case or ())
    terminal = Terminal(quiet=json_ and not sys.stderr.isatty())
    terminal.estimate(plans, len(choices))
    command = shlex.join(["harness", *sys.argv[1:]])
    try:
        outcomes = run_plans(choices, plans, results, terminal, command)
    finally:
        terminal.close()
    written = _write_reports(outcomes, report)
    for error in outcomes.errors:
        _tell(str(error))
    if outcomes.interrupted:
        _tell(f"Interrupted; {len(outcomes.runs)} run(s) were sealed under {results}.")
    if json_:
        typer.echo(document(outcomes, written))
    else:
        Console().print(summary(outcomes, written))
    raise typer.Exit(_code(outcomes))


def _suites(names: list[str] | None) -> list[Suite]:
    return [find(name) for name in names] if names else list(discover().values())


def _write_reports(outcomes: Outcomes, report: Path) -> Path | None:
    if not outcomes.runs:
        return None
    try:
        runs = [store.read(finished.path) for finished in outcomes.runs]
        write_report(runs, html=report, markdown=report.with_suffix(".md"))
    except StoreError as error:  # the runs are on disk: their verdicts are told all the same
        outcomes.errors.append(error)
        return None
    except KeyboardInterrupt:  # likewise
        outcomes.interrupted = True
        return None
    return report


def _code(outcomes: Outcomes) -> int:
    if outcomes.interrupted:
        return INTERRUPTED
    if outcomes.errors:
        return outcomes.errors[0].exit_code
    return exit_code([verdict for finished in outcomes.runs for verdict in finished.verdicts])


# No --help of its own: the server's is the one that lists the options.
@app.command(
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    }
)
def serve(context: typer.Context) -> None:
    """Start the reference server; takes the options of `python -m reference_server`.

    Example: `harness serve --model ./Qwen3-0.6B-4bit --port 8000`, or `--model random:90m`
    """
    if missing := BACKENDS["reference"].missing():
        raise UsageError(f"The reference server cannot be started: it {missing}.")
    # By name: the harness imports no server code, and the client is installed without it.
    import runpy

    sys.argv = ["reference_server", *context.args]
    runpy.run_module("reference_server", run_name="__main__", alter_sys=True)


@app.command()
def suites(json_: Json = False) -> None:
    """List the suites.

    Example: `harness suites --json`
    """
    rows = [
        {"name": s.name, "version": s.version, "summary": s.summary} for s in discover().values()
    ]
    print_listing(rows, json_)


@app.command()
def cases(
    suite: Annotated[str, typer.Argument(help="Name of the suite.")],
    profile: Annotated[Profile, typer.Option(help="Which profile's plan.")] = "quick",
    json_: Json = False,
) -> None:
    """List the cases of a suite in the order in which they are measured.

    Example: `harness cases contract --profile full`
    """
    planned = find(suite).cases(Options(profile=profile))
    print_listing([{"id": c.id, "repeats": c.repeats, "title": c.title} for c in planned], json_)


@app.command()
def explain(
    case: Annotated[str, typer.Argument(help="Id of a case, as `harness cases` lists it.")],
    json_: Json = False,
) -> None:
    """What a case asks, how it is judged, and where its rule comes from.

    Example: `harness explain CHT-23`
    """
    found = find_case(case)
    if json_:
        print_json(
            {
                "id": found.id,
                "suite": found.suite,
                "title": found.title,
                "repeats": found.repeats,
                "parameters": dict(found.parameters),
                "explain": found.explain,
            }
        )
    else:
        typer.echo(f"{found.id} ({found.suite}): {found.title}\n\n{found.explain}")


@app.command()
def backends(json_: Json = False) -> None:
    """List the servers that the harness can start, and what each one lacks here.

    Example: `harness backends`
    """
    rows = [
        {"name": b.name, "version": b.version(), "missing": b.missing() or "", "summary": b.summary}
        for b in BACKENDS.values()
    ]
    print_listing(rows, json_)


@app.command()
def report(
    runs: Annotated[list[str], typer.Argument(help="Runs by folder, id or glob.")],
    html: Annotated[Path | None, typer.Option(help="Write this HTML file.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write this Markdown file.")] = None,
    results: Results = Path("results"),
    json_: Json = False,
) -> None:
    """Render runs side by side.

    Example: `harness report '*contract*' --html reports/contract.html`
    """
    if html is None and markdown is None:
        raise UsageError("Nothing to write.", remedy="Give --html FILE, --markdown FILE or both.")
    found = store.find_runs(results, runs)
    write_report([store.read(path) for path in found], html=html, markdown=markdown)
    written = [str(path) for path in (html, markdown) if path]
    if json_:
        print_json({"runs": [str(path) for path in found], "written": written})
    else:
        typer.echo(f"{len(found)} run(s) rendered: {', '.join(written)}")


@app.command()
def verify(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Runs by folder, id or glob; all when left out.")
    ] = None,
    results: Results = Path("results"),
    json_: Json = False,
) -> None:
    """Check chain, seal and schema; name file and line of the first fault of each run.

    Example: `harness verify '*throughput*'`
    """
    nothing_yet = not paths and not any(results.glob("runs/*/*/*"))
    found = [] if nothing_yet else store.find_runs(results, paths or ["*"])
    faults = [fault for path in found for fault in store.verify(path)]
    broken = [fault for fault in faults if fault.severity == "error"]
    if json_:
        rows = [
            {"path": str(f.path), "line": f.line, "severity": f.severity, "fault": f.sentence}
            for f in faults
        ]
        print_json({"runs": len(found), "faults": rows})
    else:
        for fault in faults:
            typer.echo(f"{fault.severity}: {fault.path}:{fault.line}: {fault.sentence}")
        typer.echo(f"{len(found)} run(s) read, {len(broken)} broken.")
    raise typer.Exit(1 if broken else 0)


@app.command(name="doctor")
def doctor_(json_: Json = False) -> None:
    """What is installed, what is missing, and what to type.

    Example: `harness doctor`
    """
    rows = doctor.findings()
    print_listing([{"what": f.what, "state": f.state, "remedy": f.remedy} for f in rows], json_)
    raise typer.Exit(0 if all(f.state != "missing" or not f.needed for f in rows) else 2)


_ANY = {"allow_extra_args": True, "ignore_unknown_options": True}


def _later(what: str, does: str, subject: str) -> NotAvailable:
    return NotAvailable(
        f"{what} ({does}) is not available in version {__version__}.",
        remedy=f"It comes with the work on {subject}; see CHANGELOG.md.",
    )


def _promise(name: str, does: str, subject: str) -> None:
    @app.command(name=name, help=f"{does} Not available yet.", context_settings=_ANY)
    def refuse() -> None:
        raise _later(f"harness {name}", does.rstrip(".").lower(), subject)


_promise("compare", "Statistical comparison of two runs, with gates.", "results and gates")
_promise("resume", "Continuing an interrupted run.", "results and gates")
_promise("export", "Parquet, profiles, capabilities.", "results and gates")
_promise("calibrate", "The harness's own error.", "the throughput suite")


@app.command(name="import")
def import_(
    tool: Annotated[str, typer.Argument(help="Who wrote the file: r2c.")],
    file: Annotated[Path, typer.Argument(help="The file.")],
    results: Results = Path("results"),
    json_: Json = False,
) -> None:
    """Keep another tool's results as a run, judged anew and marked as imported.

    Example: `harness import r2c qwen3_4b_r2c.json`
    """
    command = shlex.join(["harness", *sys.argv[1:]])
    log, found = import_file(tool, file, results, command)
    told = [asdict(verdict) for verdict in found.verdicts if verdict.case_id is None]
    if json_:
        print_json([{"run": log.run_id, **one} for one in told])
    else:
        typer.echo("\n".join([log.run_id, *(f"{one['outcome']}: {one['reason']}" for one in told)]))
    raise typer.Exit(exit_code(found.verdicts))


def _tell(sentence: str) -> None:
    typer.echo(f"harness: {sentence}", err=True)


def _fail(error: HarnessError) -> int:
    """Tell it on stderr, and as the one document where the user asked for one."""
    _tell(str(error))
    if "--json" in sys.argv:
        typer.echo(failure(error, command=next(iter(sys.argv[1:]), "")))
    return error.exit_code


def main() -> None:
    """Entry point: every error becomes one sentence and an exit code."""
    try:
        code = app(standalone_mode=False)
    except HarnessError as error:
        code = _fail(error)
    except TyperException as error:
        code = _wrong_usage(error)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:
        code = 0  # the reader of our output has left (`harness cases contract | head`)
        sys.stderr.close()
    except Exception as error:  # noqa: BLE001 - the last boundary: no traceback reaches a user
        code = _defect(error)
    sys.exit(code)


def _wrong_usage(error: TyperException) -> int:
    sentence = error.format_message().replace("Value error, ", "").rstrip(".")
    if not sentence:  # a bare `harness`: the help was shown already
        return UsageError.exit_code
    return _fail(UsageError(f"{sentence}.", remedy="`harness COMMAND --help` lists what there is."))


def _defect(error: Exception) -> int:
    with tempfile.NamedTemporaryFile(
        "w", prefix="harness-defect-", suffix=".txt", delete=False
    ) as file:
        traceback.print_exception(error, file=file)
    told = f"A defect of the harness itself: {type(error).__name__}: {error}."
    return _fail(HarnessError(told, remedy=f"Please report it with {file.name}."))
