"""Keeping keys out of files: what is searched for, and what is put in its place."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit, urlunsplit

from harness.records import Chunk, Exchange, Json
from harness.store.codec import WORDS

MARK = "[redacted]"
# Below this a replacement would hit ordinary words of the answers that are being measured.
MIN_LENGTH = 6
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "cookie", "set-cookie"}
)
# Only in the header record: a start command or an environment assignment that hands over a key.
_OPTION = re.compile(r"(--[\w-]*(?:key|token|secret|password)(?:=|\s+))(?!-)\S+", re.IGNORECASE)
_VARIABLE = re.compile(
    r"(\b\w*(?:API_KEY|ACCESS_KEY|TOKEN|SECRET|PASSWORD)=)\S+",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s@?#]+@", re.IGNORECASE)


class Redactor:
    """Replaces every written form of the secrets: as it is, in JSON, in a URL, in base64.

    Secrets shorter than ``MIN_LENGTH`` are searched for in no text; ``too_short`` counts them.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        given = {secret for secret in secrets if secret}
        self.too_short = sum(len(secret) < MIN_LENGTH for secret in given)
        forms = {form for secret in given if len(secret) >= MIN_LENGTH for form in _forms(secret)}
        # Longest first: a secret may contain another.
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        encoded = [re.escape(form.encode("utf-8", "surrogatepass")) for form in ordered]
        self._text = re.compile("|".join(map(re.escape, ordered))) if ordered else None
        self._bytes = re.compile(b"|".join(encoded)) if encoded else None

    def text(self, text: str) -> str:
        """The text without any secret; a word of the format itself is left alone."""
        return self._text.sub(MARK, text) if self._text and text not in WORDS else text

    def value(self, value: Json) -> Json:
        """Every string inside, mapping keys too, without any secret."""
        if self._text is None:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(key) if isinstance(key, str) else key: self.value(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value

    def exchange(self, exchange: Exchange) -> Exchange:
        """Header values that authenticate are always replaced, whatever they hold."""
        request = exchange.request
        return replace(
            exchange,
            request=replace(
                request,
                url=self.text(_USERINFO.sub(rf"\1{MARK}@", request.url)),
                headers=self._headers(request.headers),
                body=self._data(request.body),
            ),
            headers=self._headers(exchange.headers),
            chunks=self._chunks(exchange.chunks),
            error_text=self.text(exchange.error_text),
        )

    def _headers(self, headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, MARK if name.lower() in SECRET_HEADERS else self.text(value))
            for name, value in headers
        )

    def _data(self, data: bytes) -> bytes:
        return self._bytes.sub(MARK.encode(), data) if self._bytes else data

    def _chunks(self, chunks: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
        """A secret that is split over chunks is replaced in the first and cut from the others."""
        body = b"".join(chunk.data for chunk in chunks)
        if self._bytes is None or not self._bytes.search(body):
            return chunks
        pieces: list[bytearray] = [bytearray() for _ in chunks]
        ends = _ends(chunks)
        position = index = 0
        for match in self._bytes.finditer(body):
            index = _copy(body, position, match.start(), ends, index, pieces)
            while ends[index] <= match.start():
                index += 1
            pieces[index] += MARK.encode()
            position = match.end()
        _copy(body, position, len(body), ends, index, pieces)
        return tuple(Chunk(c.at_ns, bytes(piece)) for c, piece in zip(chunks, pieces, strict=True))


def _ends(chunks: Sequence[Chunk]) -> list[int]:
    ends, total = [], 0
    for chunk in chunks:
        total += len(chunk.data)
        ends.append(total)
    return ends


def _copy(
    body: bytes, start: int, end: int, ends: list[int], index: int, pieces: list[bytearray]
) -> int:
    """``body[start:end]`` to the pieces whose bytes they are; the index of the last one touched."""
    while start < end:
        while ends[index] <= start:
            index += 1
        stop = min(end, ends[index])
        pieces[index] += body[start:stop]
        start = stop
    return index


def _forms(secret: str) -> set[str]:
    forms = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    data = secret.encode("utf-8", "surrogatepass")
    forms |= {quote(data), quote(data, safe=""), quote_plus(data)}
    forms |= {form.lower() for form in (quote(data, safe=""),) if "%" in form}
    for offset in range(3):  # the secret may begin at any byte of a group of three
        forms |= _base64_forms(data, offset)
    return forms


def _base64_forms(data: bytes, offset: int) -> set[str]:
    """The characters that depend on the secret alone, whatever stands before and after it."""
    bits = 8 * (offset + len(data))
    first, last = -(-8 * offset // 6), bits // 6
    found = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(b"\0" * offset + data).decode()[first:last]
        if len(text) >= MIN_LENGTH:
            found.add(text)
    return found


def url_secrets(url: str) -> list[str]:
    """The password and the query values of a URL."""
    parts = urlsplit(url)
    found = [unquote(parts.password)] if parts.password else []
    return found + [value for _, value in parse_qsl(parts.query)]


def clean_url(url: str) -> str:
    """The URL with neither the user's part nor the query's content."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{MARK}@{host}" if "@" in parts.netloc else host
    query = MARK if parts.query else ""
    return urlunsplit((parts.scheme, netloc, parts.path, query, parts.fragment))


def clean_header(value: Json) -> Json:
    """Strings of the header record without keys in commands, assignments and URLs."""
    if isinstance(value, str):
        text = _USERINFO.sub(rf"\1{MARK}@", value)
        text = _OPTION.sub(rf"\1{MARK}", text)
        return _VARIABLE.sub(rf"\1{MARK}", text)
    if isinstance(value, Mapping):
        return {key: clean_header(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_header(item) for item in value]
    return value
