"""A real SMTP server on loopback that keeps what it receives, and refuses what it is told to."""

import asyncio
import random
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from pdp.notifications import post
from pdp.notifications.post import Post

SENDER, SITE = "ne-pas-repondre@pdp.example.org", "https://pdp.example.org"


class Mailbox:
    """What the server received, in order.

    `answers` maps an address to the refusal it gets; `hangs_up` takes a mail and never says so; `cuts_short` ends the
    line before the mail does; `slowness` is the seconds it takes over a mail; `kills` is called once it has one.
    """

    def __init__(self) -> None:
        self.received: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.hangs_up = False
        self.cuts_short = False
        self.slowness = 0.0
        self.kills: Callable[[], None] | None = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.cuts_short:
            server.transport.abort()
            return "451 cut"
        await asyncio.sleep(self.slowness)
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos[0], message))
        if self.kills:
            self.kills()
        if self.hangs_up:
            server.transport.close()
        return "250 OK"


@contextmanager
def listening(port: int = 0) -> Iterator[tuple[Mailbox, Post]]:
    """Run a server in a thread and make it the way out of this process."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or _free_port())
    controller.start()
    way = Post(f"smtp://127.0.0.1:{controller.port}", SENDER, SITE)
    post.install(way)
    try:
        yield mailbox, way
    finally:
        post.install(None)
        controller.stop()


def _free_port() -> int:
    for port in random.sample(range(20000, 30000), 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port was found between 20000 and 30000")
