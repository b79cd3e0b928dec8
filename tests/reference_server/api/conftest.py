"""A real server on a free port, the embedded model loaded once for all tests of the room."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx2
import pytest

from reference_server.api.holder import Holder, Settings
from reference_server.api.server import Server
from reference_server.service import Service, ServiceSettings
from reference_server.toolboxes.toolboxes import Toolboxes

PATIENCE_S = 30.0


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {PATIENCE_S} s in vain for: {what}")
        time.sleep(0.01)


class Borrowed:
    """The one service in the hands of a server that must not close it."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def __getattr__(self, name: str):
        return getattr(self._service, name)

    def close(self, drain_s: float) -> None:
        """The owner closes."""


@dataclass
class Running:
    holder: Holder
    server: Server
    port: int
    http: httpx2.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def service(self) -> Service:
        service = self.holder.service
        assert service is not None
        return service

    def chat(self, **extra) -> httpx2.Response:
        body = {
            "model": "default",
            "messages": [{"role": "user", "content": "hello"}],
            "max_tokens": 4,
            "temperature": 0,
        }
        return self.http.post("/v1/chat/completions", json=body | extra)

    def messages(self, **extra) -> httpx2.Response:
        body = {
            "model": "default",
            "messages": [{"role": "user", "content": "hello"}],
            "max_tokens": 4,
            "temperature": 0,
        }
        return self.http.post("/v1/messages", json=body | extra)

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def responses(self, **extra) -> httpx2.Response:
        body = {"model": "default", "input": "hello", "max_output_tokens": 4, "temperature": 0}
        return self.http.post("/v1/responses", json=body | extra)

    def raw(self, payload: bytes) -> bytes:
        with self.connected() as sock:
            sock.sendall(payload)
            answer = b""
            while part := sock.recv(65536):
                answer += part
            return answer

    @contextmanager
    def asking(self, path: str = "/v1/chat/completions", **extra) -> Iterator[socket.socket]:
        """A connection with a long request sent and nothing read; closed at the end."""
        user = [{"role": "user", "content": "hello"}]
        ask = {"model": "default", "max_tokens": 3000, "temperature": 0}
        own = {"/v1/completions": {"prompt": "hello"}}
        own |= {"/v1/responses": {"input": "hello", "max_output_tokens": 3000}}
        ask |= own.get(path, {"messages": user})
        body = json.dumps(ask | extra).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
        with self.connected() as sock:
            sock.sendall(head.encode() + body)
            yield sock

    def idle(self) -> bool:
        state = self.service.state()
        return state.running == 0 and state.waiting == 0


@contextmanager
def running(
    settings: Settings, load: Callable[[], Service], toolboxes: Toolboxes | None = None
) -> Iterator[Running]:
    listener = socket.create_server(("127.0.0.1", 0))
    holder = Holder(settings, toolboxes=toolboxes)
    server = Server(holder, load, drain_s=1.0, log_level="warning")
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    port = listener.getsockname()[1]
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as http:
            wait_for(lambda: server.started, "the server to listen")
            yield Running(holder, server, port, http)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listener.close()


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    loaded = Service(ServiceSettings(None, max_batch=8, scripted=True))
    try:
        yield loaded
    finally:
        loaded.close(0.0)


@pytest.fixture(scope="session")
def borrowed(service) -> Borrowed:
    return Borrowed(service)


@pytest.fixture(scope="session")
def start(borrowed):
    """Starts further servers over the one service: ``with start(Settings(...)) as server``."""

    @contextmanager
    def starting(settings: Settings, toolboxes: Toolboxes | None = None) -> Iterator[Running]:
        with running(settings, lambda: borrowed, toolboxes) as server:
            wait_for(lambda: server.holder.service is not None, "the service")
            yield server

    return starting


@pytest.fixture(scope="session")
def start_with():
    """Starts a server with a loader of the test's own; nothing is waited for."""
    return running


@pytest.fixture(scope="session")
def server(start) -> Iterator[Running]:
    with start(Settings(scripted=True, default_max_tokens=6)) as running_server:
        yield running_server


@pytest.fixture(scope="session")
def script():
    """The model id that makes the server say a text."""
    return lambda text: "scripted:" + quote(text, safe="")


@pytest.fixture(scope="session")
def until():
    return wait_for


@pytest.fixture(scope="session")
def events():
    """The events of a stream of server-sent events: pairs of name (or None) and data."""

    def read(body: str) -> list[tuple[str | None, str]]:
        assert body.endswith("\n\n")
        found = []
        for block in body.removesuffix("\n\n").split("\n\n"):
            fields = [line.partition(": ")[::2] for line in block.split("\n")]
            names = [value for key, value in fields if key == "event"]
            data = [value for key, value in fields if key == "data"]
            assert len(data) == 1
            found.append((names[0] if names else None, data[0]))
        return found

    return read


@pytest.fixture(scope="session")
def chunks(events):
    """The JSON of an OpenAI stream's events, which must end with ``[DONE]``."""

    def read(body: str) -> list[dict]:
        found = events(body)
        assert [data for _, data in found].count("[DONE]") == 1
        assert found[-1] == (None, "[DONE]")
        assert all(name is None for name, _ in found)
        return [json.loads(data) for _, data in found[:-1]]

    return read
