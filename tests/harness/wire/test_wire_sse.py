import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.records import Chunk
from harness.wire import SseEvent, SseReader, read_sse

TORTURE = (
    b"\xef\xbb\xbf: comment\r\n"
    b'data: {"a": 1}\n\n'
    b"event: named\r\ndata:no space\r\ndata:  two spaces\r\nid: 7\r\n\r\n"
    b"data\r\r"
    b"unknown: field\ndata: \xf0\x9f\x98\x80\xc3\xb6\r\n\n"
    b"event: without data\n\n"
    b"data: last\n\n"
    b"data: never finished\n"
)
EXPECTED = [
    ("message", '{"a": 1}', ""),
    ("named", "no space\n two spaces", "7"),
    ("message", "", "7"),
    ("message", "😀ö", "7"),
    ("message", "last", "7"),
]


def events_of(pieces: list[bytes]) -> list[tuple[str, str, str]]:
    chunks = [Chunk(index, piece) for index, piece in enumerate(pieces)]
    return [(event.event, event.data, event.id) for event in read_sse(chunks)]


def split(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def test_the_standards_oddities():
    assert events_of([TORTURE]) == EXPECTED


def test_one_byte_at_a_time():
    assert events_of([bytes([byte]) for byte in TORTURE]) == EXPECTED


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, len(TORTURE)), max_size=12))
def test_any_split_gives_the_same_events(cuts):
    assert events_of(split(TORTURE, cuts)) == EXPECTED


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120), st.lists(st.integers(0, 120), max_size=6))
def test_any_bytes_split_anywhere_read_the_same(data, cuts):
    assert events_of(split(data, cuts)) == events_of([data])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=20)),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_is_framed_comes_back(texts, end):
    body = "".join(f"data: {text}{end}{end}" for text in texts).encode()
    assert [data for _, data, _ in events_of([body])] == texts


def test_an_event_carries_the_stamp_of_the_chunk_that_completed_it():
    chunks = [Chunk(1, b"data: a\n"), Chunk(2, b"\ndata: b\n\ndata: c"), Chunk(3, b"\n\n")]
    assert read_sse(chunks) == [SseEvent(2, "a"), SseEvent(2, "b"), SseEvent(3, "c")]


def test_a_cr_completes_the_event_without_waiting_for_its_lf():
    chunks = [Chunk(1, b"data: a\r\n\r"), Chunk(2, b"\ndata: b\r\n\r\n")]
    assert read_sse(chunks) == [SseEvent(1, "a"), SseEvent(2, "b")]


def test_an_id_with_nul_is_ignored_and_an_id_lasts():
    assert events_of([b"id: 1\ndata: a\n\nid: \x00\ndata: b\n\n"])[1] == ("message", "b", "1")


@pytest.mark.parametrize(
    ("data", "unfinished"),
    [(b"data: a\n\n", False), (b"data: a\n", True), (b"data: a\n\nda", True), (b"", False)],
)
def test_unfinished_says_whether_something_waits(data, unfinished):
    reader = SseReader()
    reader.feed(0, data)
    assert reader.unfinished is unfinished


def test_comments_and_invalid_utf8_are_counted():
    reader = SseReader()
    events = reader.feed(0, b": hi\n:\ndata: \xff\n\n")
    assert (reader.comments, reader.invalid_utf8) == (2, 1)
    assert events[0].data == "�"
    clean = SseReader()
    clean.feed(0, "data: ö\n\n".encode())
    assert (clean.comments, clean.invalid_utf8) == (0, 0)
