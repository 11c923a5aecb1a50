"""Real server processes over one database, and a browser without a window to ask them pages."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from urllib.parse import urlencode

_random = Random()
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@contextmanager
def processes(count: int, database_url: str, folder: Path) -> Iterator[tuple[int, ...]]:
    """Start the product several times, each with its own gunicorn, and yield their ports."""
    ports = tuple(_random.sample(range(20000, 30000), count))
    environment = os.environ | {"PDP_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "tests.reliability.served", str(folder), *map(str, ports)]
    servers = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        # Nothing of them is needed any more: a graceful stop would take seconds.
        os.killpg(servers.pid, signal.SIGKILL)
        servers.wait()


def _wait_for(port: int) -> None:
    answer: object = None
    for _ in range(2400):
        try:
            answer = Visitor(port).get("/connexion")
            if answer[0] == 200:
                return
        except (OSError, HTTPException) as error:
            answer = error
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {answer}")


class Visitor:
    """A browser: cookies and tokens; the same cookies may be carried to the other process."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = {} if cookies is None else cookies

    def at(self, port: int) -> "Visitor":
        """Return the same browser, asking the process of another port."""
        return Visitor(port, self.cookies)

    def get(self, path: str) -> tuple[int, str]:
        """Ask a page; return its status and its text."""
        return self._ask("GET", path, None)

    def post(self, page: str, path: str, **values: str) -> tuple[int, str]:
        """Send a form found on a page."""
        found = _TOKEN.search(self.get(page)[1])
        if found is None:
            raise RuntimeError(f"{page} has no form")
        return self._ask("POST", path, urlencode(values | {"csrf_token": found[1]}))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.msg.get_all("Set-Cookie", []):
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, answer.read().decode()
        finally:
            connection.close()
