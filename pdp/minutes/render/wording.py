"""The few sentences about a document that its three formats share."""

from datetime import UTC, datetime

from pdp.core import french
from pdp.core.french import NBSP
from pdp.minutes.document import Meta


def full_title(meta: Meta) -> str:
    """Return the title of the file: number, séance and version."""
    return f"Procès-verbal n°{NBSP}{meta.number}, séance du {french.day(meta.held_on)}, {version(meta)}"


def version(meta: Meta) -> str:
    """Return « version complète » or « version Cap emploi »."""
    return f"version {meta.version}"


def composed_utc(meta: Meta) -> datetime:
    """Return when the document was composed, in UTC, as file properties want it."""
    at = meta.composed_at
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def corner(meta: Meta) -> list[str]:
    """Return the lines under the number, at the right of the title."""
    lines = [meta.version_line, meta.points_line, "Données fictives" if meta.fictitious else ""]
    return [line for line in lines if line]


def footer(meta: Meta) -> str:
    """Return « Procès-verbal n° 2026-03, version Cap emploi, composé le 13 mars 2026 à 9 h 12 »."""
    composed = f"composé le {french.day(meta.composed_at)} à {french.hour(meta.composed_at)}"
    return f"Procès-verbal n°{NBSP}{meta.number}, {version(meta)}, {composed}"


def fingerprint(digest: str) -> str:
    """Return the line that prints the hash of the content."""
    return f"Empreinte du contenu (SHA-256) {digest}"
