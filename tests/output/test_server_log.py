"""A real server, spoken to badly: what it logs holds nothing of what it was sent."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from pdp.core import schema

CANARY = b"CanariNom"
REQUESTS = (
    b"GET /connexion?q=CanariNom HTTP/1.1\r\nReferer: http://x/?CanariNom\r\nUser-Agent: CanariNom",
    b"GET /CanariNom/CanariNom HTTP/1.1",
    b"GET /dossiers/CanariNom HTTP/1.1",
    b"CANARINOM / HTTP/1.1",
    b"GET / HTTP/1.1\r\nBad Header CanariNom",
    b"GET /%zz?CanariNom\x1b[31m HTTP/9.9",
    b"GET / HTTP/1.1\r\nX-Request-Id: CanariNom",
    b"POST /connexion HTTP/1.1\r\nContent-Length: 20\r\n\r\nemail=CanariNom&x=1",
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The product served by its own command, and the file of its log."""
    url, port, log = f"sqlite:///{tmp_path / 'pdp.db'}", _free_port(), tmp_path / "log"
    engine = create_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    keys = "1:" + "".join(f"{byte:02x}" for byte in range(32))
    own = {"PDP_DATABASE_URL": url, "PDP_SECRET_KEY": "s" * 40, "PDP_KEYS": keys, "PDP_INSTANCE": str(tmp_path)}
    with log.open("wb") as file:
        command = [sys.executable, "-m", "pdp.cli", "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, env=os.environ | own, cwd=tmp_path, stdout=file, stderr=file)
        try:
            _wait_for(port, process)
            yield port, log
        finally:
            process.terminate()
            process.wait(20)


def test_nothing_sent_to_the_server_reaches_its_log(server: tuple[int, Path]) -> None:
    port, log = server
    for request in REQUESTS:
        head, _, body = request.partition(b"\r\n\r\n")
        first, _, rest = head.partition(b"\r\n")
        answer = _send(
            port, b"\r\n".join(part for part in (first, b"Host: localhost", rest) if part) + b"\r\n\r\n" + body
        )
        assert answer.startswith(b"HTTP/1.1 "), request
    written = log.read_bytes()
    told = [line.split(b" ", 4)[4] for line in written.splitlines() if b" pdp.access " in line]
    assert [b" ".join(line.split()[:3]) for line in told[-6:]] == [
        b"GET accounts.sign_in 200",
        b"GET - 404",
        b"GET cases.show_case 302",
        b"OTHER - 405",
        b"GET home.index 302",
        b"POST accounts.sign_in_post 400",
    ]
    assert written.count(b"Invalid request") == 2
    assert CANARY.lower() not in written.lower()


def _send(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(request)
        return line.recv(4096)


def _free_port() -> int:
    with socket.socket() as probe:
        for port in range(21000 + os.getpid() % 5000, 30000):
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port was found between 21000 and 30000")


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the server stopped"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")
