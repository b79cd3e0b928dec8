"""Keys reach no file, wherever they stand; everything else does."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import store
from harness.records import Chunk, Exchange, Measurement, Request, Verdict
from harness.store import RunLog
from harness.store.redact import Redactor
from tests.harness.store.store_rig import HEADER, exchange, measurement

KEY = "sk-planted/Ключ+1&\"q'"


def everything_written(path: Path) -> str:
    files = [file for file in path.rglob("*") if file.is_file()]
    read = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]
    return b"\n".join(read).decode()


def split(data: bytes, at: int, size: int = 0) -> Exchange:
    """An answer of two chunks that are cut at ``at``."""
    first, second = Chunk(1, data[:at]), Chunk(2, data[at:] + b"x" * size)
    return replace(exchange(), chunks=(first, second))


def in_a_mapping_key(key: str) -> Measurement:
    return replace(measurement(), values={key: {"deep": [key]}})


def in_headers(key: str) -> Measurement:
    headers = (("Authorization", f"Bearer {key}"), ("X-Api-Key", key), ("x-other", f"a {key} b"))
    request = Request("POST", f"http://u:{quote(key, safe='')}@h/v1?k={quote(key)}", headers)
    return replace(
        measurement(), exchanges=(replace(exchange(), request=request, headers=headers),)
    )


def in_body(form: str) -> Measurement:
    request = replace(exchange().request, body=form.encode())
    return replace(measurement(), exchanges=(replace(exchange(), request=request),))


JWT = base64.urlsafe_b64encode(f"user:{KEY}".encode()).decode()
PLACES = {
    "values": replace(measurement(), values={"echo": f"the key is {KEY}."}),
    "mapping key": in_a_mapping_key(KEY),
    "error": replace(measurement(), error=f"failed with {KEY}"),
    "headers and URL": in_headers(KEY),
    "body": in_body(KEY),
    "body, JSON": in_body(json.dumps({"key": KEY})),
    "body, JSON unescaped": in_body(json.dumps({"key": KEY}, ensure_ascii=False)),
    "body, URL": in_body(f"key={quote(KEY, safe='')}"),
    "body, base64 in a pair": in_body(base64.b64encode(f"user:{KEY}:x".encode()).decode()),
    "body, base64 for URLs": in_body(JWT),
    "answer": replace(measurement(), exchanges=(split(KEY.encode() * 2, 5),)),
    "answer, large": replace(measurement(), exchanges=(split(KEY.encode(), 9, 20_000),)),
    "error text": replace(measurement(), exchanges=(replace(exchange(), error_text=KEY),)),
}
TRACES = (
    "planted",
    "Ключ",
    "\\u041a",
    quote("Ключ"),
    base64.b64encode(b"sk-planted/").decode()[:12],
    base64.b64encode(f"user:{KEY}:x".encode()).decode()[8:24],
    JWT[8:24],
)


@pytest.mark.parametrize("place", PLACES)
def test_a_key_is_found_in_every_place_and_form(tmp_path: Path, place: str) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake", secrets=[KEY])
    log.measurement(PLACES[place])
    log.seal("complete")
    written = everything_written(log.path)
    assert [trace for trace in TRACES if trace in written] == []
    assert "[redacted]" in written
    assert store.verify(log.path) == []
    assert len(store.read(log.path).measurements[0].exchanges) == 1


@pytest.mark.parametrize("place", set(PLACES) - {"headers and URL"})
def test_without_being_named_as_a_secret_it_is_recorded(tmp_path: Path, place: str) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    log.measurement(PLACES[place])
    log.seal("complete")
    written = everything_written(log.path)
    chunks = store.read(log.path).measurements[0].exchanges[0].body.decode("utf-8", "replace")
    assert any(trace in written + chunks for trace in TRACES)


def test_headers_that_authenticate_are_never_written(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake")
    names = ("authorization", "X-API-KEY", "Api-Key", "Proxy-Authorization", "Cookie", "Set-Cookie")
    headers = (*((name, "planted") for name in names), ("x-request-id", "kept"))
    request = replace(exchange().request, headers=headers)
    log.measurement(
        replace(measurement(), exchanges=(replace(exchange(), request=request, headers=headers),))
    )
    log.seal("complete")
    written = everything_written(log.path)
    assert "planted" not in written
    assert written.count("kept") == 2


def test_verdicts_and_notes_are_cleaned_too(tmp_path: Path) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake", secrets=[KEY])
    log.verdict(Verdict("a", "fail", f"got {KEY}", detail={"curl": f"curl -H 'x: {KEY}'"}))
    log.note(f"noted {KEY}")
    log.seal("complete")
    assert "planted" not in everything_written(log.path)
    assert store.read(log.path).verdicts[0].reason == "got [redacted]"


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("vllm serve m --api-key planted --port 1", "--port 1"),
        ("vllm serve m --api-key=planted --port 1", "--port 1"),
        ("VLLM_API_KEY=planted HF_TOKEN=planted vllm serve m", "vllm serve m"),
        ("harness run --base-url http://u:planted@h:1/v1?key=planted", "h:1/v1"),
        ("harness run --base-url http://me:planted@other/v1", "other/v1"),
    ],
)
def test_commands_and_urls_of_the_header_hand_over_no_key(
    tmp_path: Path, command: str, kept: str
) -> None:
    target = {**HEADER["target"], "base_url": "http://u:planted@h:1/v1?key=planted"}
    provenance = {"server": {"command": command, "url": target["base_url"]}}
    header = {**HEADER, "target": target, "command": command, "provenance": provenance}
    log = RunLog.create(tmp_path, header, suite="fake")
    log.note("the password is planted")  # known from the URL
    log.seal("complete")
    assert "planted" not in everything_written(log.path)
    assert kept in store.read(log.path).header["command"]


def test_what_is_no_secret_stays_in_a_command(tmp_path: Path) -> None:
    command = "harness run --base-url http://h:1/v1 --api-key-env KEY --max-tokens 5 MAX_TOKENS=5"
    log = RunLog.create(tmp_path, {**HEADER, "command": command}, suite="fake")
    log.seal("complete")
    header = store.read(log.path).header
    assert header["command"] == command
    assert header["target"] == HEADER["target"]


@pytest.mark.parametrize(
    "word", ["null", "body", "values", "case_id", "exchanges", "complete", "x"]
)
def test_a_dummy_key_that_is_a_word_of_the_format_breaks_nothing(tmp_path: Path, word: str) -> None:
    log = RunLog.create(tmp_path, HEADER, suite="fake", secrets=[word])
    log.measurement(measurement(7))
    log.seal("complete")
    run = store.read(log.path)
    assert store.verify(log.path) == []
    assert run.measurements[0].values["n"] == 7
    assert bool(run.notes) == (len(word) < 6)  # a secret that was not searched for is told


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from([b"", b"sk-abcdef", b"sk-a", b"bcdef", b"x", b"\xff", "é".encode()]),
        max_size=12,
    ),
    cuts=st.lists(st.integers(0, 60), max_size=6),
)
def test_secrets_split_over_chunks_are_cut_and_no_other_byte_moves(
    parts: list[bytes], cuts: list[int]
) -> None:
    body = b"".join(parts)
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    chunks = tuple(Chunk(n, body[a:b]) for n, (a, b) in enumerate(pairwise(edges)))
    clean = Redactor(["sk-abcdef"]).exchange(replace(exchange(), chunks=chunks))
    assert clean.body == body.replace(b"sk-abcdef", b"[redacted]")
    assert [chunk.at_ns for chunk in clean.chunks] == [chunk.at_ns for chunk in chunks]
    outside = [c for c in chunks if c.data and c.data in body.replace(b"sk-abcdef", b"|")]
    kept: list[Any] = [c for c in clean.chunks if c in outside]
    if b"sk-abcdef" not in body:
        assert kept == outside
