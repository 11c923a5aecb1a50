"""A process of ours that speaks clamd's INSTREAM protocol: it finds the EICAR word, or misbehaves as asked.

Run as a program: `python -m tests.documents.clamd MODE` prints the port it listens on, on loopback.
"""

import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

MODES = ("honest", "drops", "garbage", "cut", "slow", "chatty", "error")
_ANSWERS = {
    "garbage": b"\xff\xfe\x00 nothing like it\0",
    "cut": b"stream: OK",
    "chatty": b"stream: OK\0stream: Eicar FOUND\0",
    "error": b"INSTREAM size limit exceeded. ERROR\0",
}
# What the test signature looks for; the standard's own string is not written whole anywhere.
SIGNATURE = b"EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE"


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _answer(connection: socket.socket, mode: str) -> None:
    if mode == "drops":
        return
    command = b""
    while not command.endswith(b"\0"):
        command += _read(connection, 1)
    if command == b"zPING\0":
        connection.sendall(b"PONG\0")
        return
    body = b""
    while length := struct.unpack(">I", _read(connection, 4))[0]:
        body += _read(connection, length)
    if mode == "slow":
        time.sleep(30)
    verdict = b"stream: Eicar-Signature FOUND\0" if SIGNATURE in body else b"stream: OK\0"
    connection.sendall(_ANSWERS.get(mode, verdict))


def main(mode: str) -> None:
    """Serve until the process is stopped."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            with connection:
                try:
                    _answer(connection, mode)
                except (OSError, EOFError):
                    continue


@contextmanager
def running(mode: str) -> Iterator[int]:
    """Run the server in a process of its own; yield its port, and stop it by its own handle."""
    command = [sys.executable, "-m", "tests.documents.clamd", mode]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


if __name__ == "__main__":
    main(sys.argv[1])
