"""Settings, read once from the environment into a frozen value."""

import os
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(RuntimeError):
    """The settings are missing or unsafe; the product refuses to start."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides. Durations are in minutes."""

    # Nothing that opens a door is ever shown with the settings.
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    encryption_keys: dict[int, bytes] = field(repr=False)
    instance: Path
    demo: bool = False
    production: bool = False
    idle_minutes: int = 30
    absolute_minutes: int = 600
    secure_cookies: bool = False
    # The antivirus asked about each piece (see core.antivirus); the largest piece, in bytes.
    scanner: str = ""
    largest_piece: int = 10_000_000
    # The way out for mails: the server, the sender's address, and the address of the site that links carry.
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    public_url: str = ""
    # The file of the identity providers (see federation.providers); empty: passwords only.
    providers: str = ""
    # The database as the owner of its tables opens it, for migrations and the rotation of keys.
    owner_url: str = field(default="", repr=False)
    # Where the journal's anchors are (empty: in the instance folder); how long the journal is kept.
    anchors: str = ""
    journal_months: int = 12
    # Where erasures are written (empty: in the instance folder); never restored with the database.
    erasures: str = ""
    # The PKCS#12 file of the seal put on PDFs (empty: none), and a PEM file of certificates that sealed earlier.
    seal: str = ""
    seal_passphrase: str = field(default="", repr=False)
    former_seals: str = ""
    # Distinct cases an account may open in a day: alert and suspension, of the core then of partners.
    reading_limits: tuple[int, int, int, int] = (30, 60, 10, 20)

    @property
    def anchors_file(self) -> Path:
        """Return where the journal's anchors are written: better another disk than the database's."""
        return Path(self.anchors) if self.anchors else self.instance / "journal" / "anchors.jsonl"

    @property
    def erasures_file(self) -> Path:
        """Return where erasures are written: better another disk than the database's, outside of its backups."""
        return Path(self.erasures) if self.erasures else self.instance / "journal" / "erasures.jsonl"

    @classmethod
    def from_env(cls) -> "Settings":
        """Read the environment: PDP_DATABASE_URL, PDP_SECRET_KEY, PDP_KEYS (`1:hex,2:hex`), PDP_SMTP_URL…

        Raises `SettingsError` when production lacks a secret or runs in demo mode.
        """
        production = parse_environment(os.environ.get("PDP_ENV", ""))
        instance = Path(os.environ.get("PDP_INSTANCE", "instance")).absolute()
        settings = cls(
            database_url=os.environ.get("PDP_DATABASE_URL") or f"sqlite:///{instance / 'pdp.db'}",
            secret_key=os.environ.get("PDP_SECRET_KEY", ""),
            encryption_keys=parse_keys(os.environ.get("PDP_KEYS", "")),
            instance=instance,
            production=production,
            secure_cookies=production,
            scanner=os.environ.get("PDP_SCANNER", ""),
            largest_piece=parse_megabytes("PDP_LARGEST_PIECE_MB", os.environ.get("PDP_LARGEST_PIECE_MB", "10")),
            smtp_url=os.environ.get("PDP_SMTP_URL", ""),
            mail_from=os.environ.get("PDP_MAIL_FROM", ""),
            public_url=os.environ.get("PDP_PUBLIC_URL", ""),
            providers=os.environ.get("PDP_PROVIDERS", ""),
            owner_url=os.environ.get("PDP_OWNER_URL", ""),
            anchors=os.environ.get("PDP_ANCHORS", ""),
            erasures=os.environ.get("PDP_ERASURES", ""),
            seal=os.environ.get("PDP_SEAL", ""),
            seal_passphrase=os.environ.get("PDP_SEAL_PASSPHRASE", ""),
            former_seals=os.environ.get("PDP_FORMER_SEALS", ""),
            reading_limits=parse_limits(os.environ.get("PDP_READING_LIMITS", "30,60,10,20")),
            journal_months=parse_months("PDP_JOURNAL_MONTHS", os.environ.get("PDP_JOURNAL_MONTHS", "12")),
        )
        settings.refuse_unsafe()
        return settings

    def refuse_unsafe(self) -> None:
        """Raise `SettingsError` on a missing or weak secret, or on demo mode in production."""
        if len(self.secret_key) < 32:
            raise SettingsError("PDP_SECRET_KEY must hold at least 32 characters")
        if not self.encryption_keys or any(len(key) < 32 for key in self.encryption_keys.values()):
            raise SettingsError("PDP_KEYS must hold at least one key of 32 bytes: 1:<64 hexadecimal digits>")
        if self.smtp_url and not self._can_write_mails():
            raise SettingsError(
                "PDP_SMTP_URL (smtps://… or smtp://…) also needs PDP_MAIL_FROM and PDP_PUBLIC_URL (https://…)"
            )
        if self.production and self.public_url and not _is_https(self.public_url):
            raise SettingsError("PDP_PUBLIC_URL must be an https:// address")
        if self.demo and self.production:
            raise SettingsError("demo mode refuses a production environment")
        self._refuse_weak_keys()

    def _refuse_weak_keys(self) -> None:
        """Refuse key ids out of range, keys given twice and, in production, keys that nobody drew at random."""
        keys = self.encryption_keys
        if any(not 1 <= key_id <= 255 for key_id in keys):
            raise SettingsError("PDP_KEYS: a key id goes from 1 to 255")
        if not self.production:
            return
        if len(set(keys.values())) < len(keys) or self.secret_key.encode() in {
            form for key in keys.values() for form in (key, key.hex().encode())
        }:
            raise SettingsError("PDP_KEYS: the same key is given twice, or is also PDP_SECRET_KEY")
        for key_id, key in keys.items():
            # 32 random bytes hold about 30 different ones; fewer than 20 is no accident.
            steps = {(after - before) % 256 for before, after in pairwise(key)}
            if len(set(key)) < 20 or len(steps) < 16:
                raise SettingsError(f"PDP_KEYS: key {key_id} is weak; make one with: openssl rand -hex 32")
        if len(set(self.secret_key)) < 10:
            raise SettingsError("PDP_SECRET_KEY is weak; make one with: openssl rand -hex 32")

    def _can_write_mails(self) -> bool:
        site = urlsplit(self.public_url)
        schemes = {"https"} if self.production else {"http", "https"}
        known = urlsplit(self.smtp_url).scheme in {"smtp", "smtps"}
        return known and "@" in self.mail_from and site.scheme in schemes and bool(site.netloc)


def parse_environment(word: str) -> bool:
    """Tell whether PDP_ENV says production. Raises `SettingsError` on a word misspelt."""
    if word not in {"", "development", "production"}:
        raise SettingsError("PDP_ENV must be production, development, or nothing")
    return word == "production"


def _is_https(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.netloc)


def parse_megabytes(name: str, text: str) -> int:
    """Return a number of megabytes, from 1 to 50, in bytes. Raises `SettingsError`."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 50:
        raise SettingsError(f"{name} must be a whole number of megabytes from 1 to 50")
    return int(text) * 1_000_000


def parse_limits(text: str) -> tuple[int, int, int, int]:
    """Parse PDP_READING_LIMITS: four numbers, each alert before its suspension. Raises `SettingsError`."""
    numbers = [int(part) for part in text.split(",") if part.strip().isdigit()]
    if len(numbers) != 4 or not (0 < numbers[0] <= numbers[1] and 0 < numbers[2] <= numbers[3]):
        raise SettingsError("PDP_READING_LIMITS must hold four numbers: alert,suspension of the core,of partners")
    return numbers[0], numbers[1], numbers[2], numbers[3]


def parse_months(name: str, text: str) -> int:
    """Parse how long the journal is kept. Raises `SettingsError` below the twelve months that the database keeps."""
    if not text.isdigit() or not 12 <= int(text) <= 36:
        raise SettingsError(f"{name} must be a number of months between 12 and 36")
    return int(text)


def parse_keys(text: str) -> dict[int, bytes]:
    """Parse `1:hex,2:hex` into keys by id. Raises `SettingsError` on a malformed entry."""
    keys: dict[int, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        number, _, digits = entry.partition(":")
        try:
            key_id, key = int(number), bytes.fromhex(digits)
        except ValueError as error:
            raise SettingsError(f"PDP_KEYS: malformed entry for key {number!r}") from error
        if key_id in keys:
            raise SettingsError(f"PDP_KEYS: key {key_id} is given twice")
        keys[key_id] = key
    return keys
