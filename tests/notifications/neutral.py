"""Everything a mail server or a calendar sees of a mail, and the rules of a calendar file read without any library."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

# RFC 5545, § 3.6.1, and RFC 5546, § 3.2: what an event of a request or of a cancellation holds, exactly once.
_ONCE = ("UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "ORGANIZER", "ATTENDEE", "STATUS")
_UTC = re.compile(r"\d{8}T\d{6}Z")


def source_of(mail: EmailMessage, address: str) -> str:
    """Return the mail as it travels, decoded: headers, every part, file names; less the address that it goes to."""
    parts = [f"{name}: {value}" for part in mail.walk() for name, value in part.items()]
    parts += [part.get_filename() or "" for part in mail.walk()]
    for part in mail.walk():
        parts += [part.preamble or "", part.epilogue or ""]
        if not part.is_multipart():
            # A calendar breaks its lines anywhere, a mail between words.
            text = part.get_payload(decode=True).decode().replace("\r\n ", "")
            parts += [text, " ".join(text.split())]
    return "\n".join(parts).replace(address, "")


@dataclass(frozen=True)
class Entry:
    """A calendar file of a mail, as its lines say it."""

    address: str
    method: str
    fields: dict[str, str]

    @property
    def uid(self) -> str:
        """Return what tells the entry from others, in every file about it."""
        return self.fields["UID"]

    @property
    def sequence(self) -> int:
        """Return which version of the entry it is."""
        return int(self.fields["SEQUENCE"])


def entries_of(received: Sequence[tuple[str, EmailMessage]]) -> list[Entry]:
    """Return the calendar files of mails in the order of their arrival; each is valid."""
    return [_entry(address, part) for address, mail in received for part in mail.walk() if _is_calendar(part)]


def _is_calendar(part: EmailMessage) -> bool:
    return part.get_content_type() == "text/calendar"


def _entry(address: str, part: EmailMessage) -> Entry:
    body: bytes = part.get_payload(decode=True)
    lines = body.split(b"\r\n")
    assert lines.pop() == b"", "each line ends with CRLF"
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75, "a line has 75 octets at the most"
    unfolded = body.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert (unfolded[0], unfolded[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert [line for line in unfolded if line.startswith(("BEGIN:", "END:"))][1:-1] == ["BEGIN:VEVENT", "END:VEVENT"]
    inside = unfolded.index("BEGIN:VEVENT")
    calendar = _fields(unfolded[1:inside])
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    names = [re.split("[;:]", line, maxsplit=1)[0] for line in unfolded[inside + 1 : -2]]
    assert [name for name in _ONCE if names.count(name) != 1] == []
    fields = _fields(unfolded[inside + 1 : -2])
    # Hours in UTC need no time zone: a calendar shows them in its own, on both sides of a change of time.
    assert all(_UTC.fullmatch(fields[name]) for name in ("DTSTAMP", "DTSTART", "DTEND"))
    assert fields["DTSTART"] < fields["DTEND"]
    assert part.get_param("method") == calendar["METHOD"]
    assert fields["STATUS"] == {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}[calendar["METHOD"]]
    assert fields["ATTENDEE"] == f"MAILTO:{address}"
    return Entry(address, calendar["METHOD"], fields)


def _fields(lines: Sequence[str]) -> dict[str, str]:
    """Return the value of each property, without its parameters: our own hold no colon."""
    return {re.split("[;:]", line, maxsplit=1)[0]: line.partition(":")[2] for line in lines}
