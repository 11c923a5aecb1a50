"""Hand a mail to the SMTP server of the installation; without one, notices stay in the site."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from pdp.core import clock
from pdp.notifications.calendar import FILE_NAME, Method

_TIMEOUT = 20


class PostRefused(Exception):
    """The server refuses this mail for good; another try would be refused as well."""


class PostUnavailable(Exception):
    """The server cannot take the mail now."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar file that goes with a mail."""

    method: Method
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to leave; `key` makes its Message-ID, the same at each try."""

    key: str
    address: str
    subject: str
    body: str
    calendar: CalendarPart | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """The server, read from `smtps://user:password@host:465` or `smtp://host:587`.

    `smtp://` asks for STARTTLS, and sends nothing without it unless the server is this very machine.
    """

    url: str
    sender: str
    site: str

    def link(self, path: str) -> str:
        """Return the absolute address of a path of the site."""
        return f"{self.site.rstrip('/')}{path}"

    def send(self, letter: Letter) -> None:
        """Send one mail. Raises `PostRefused` or `PostUnavailable`, neither of which names the person."""
        try:
            with self._connect() as server:
                server.send_message(self._message(letter), self.sender, [letter.address])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _trouble(min(codes)) from None
        except smtplib.SMTPResponseException as error:
            raise _trouble(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            raise PostUnavailable(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, here = parts.hostname or "", self.sender.rpartition("@")[2]
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server = smtplib.SMTP_SSL(host, parts.port or 465, here, timeout=_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, here, timeout=_TIMEOUT)
            if not _is_loopback(host):
                server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = f"Cellule PDP <{self.sender}>"
        message["To"] = letter.address
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{letter.key}@{self.sender.rpartition('@')[2]}>"
        message["Content-Language"] = "fr"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter.body, cte="quoted-printable")
        if letter.calendar:
            _join(message, letter.calendar)
        return message


def _join(message: EmailMessage, part: CalendarPart) -> None:
    """Add a calendar file twice: as the other reading of the mail, for those that know it, and as a file to open."""
    text = part.body.decode()
    message.add_alternative(text, subtype="calendar", cte="base64", params={"method": part.method.value})
    message.add_attachment(part.body, maintype="application", subtype="ics", filename=FILE_NAME)


def _trouble(code: int) -> PostRefused | PostUnavailable:
    return PostRefused(str(code)) if 500 <= code < 600 else PostUnavailable(str(code))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_installed: list[Post] = []


def install(post: Post | None) -> None:
    """Make `post` the way out of this process; None keeps every notice in the site."""
    _installed[:] = [post] if post else []


def installed() -> Post | None:
    """Return the way out; None when the installation has none."""
    return _installed[0] if _installed else None
