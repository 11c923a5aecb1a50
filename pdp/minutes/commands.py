"""What `pdp minutes` says. Exit codes: 0 the file is intact, 1 it was altered, 2 it is not ours or cannot be told."""

from collections.abc import Callable
from pathlib import Path

from asn1crypto.x509 import Certificate

from pdp.core.seal import Finding, Seal, SealError, read_certificates
from pdp.core.seal import verify as find
from pdp.settings import Settings

Say = Callable[[str], None]

_WORDS = {
    Finding.INTACT: "intact: not a byte changed since it was sealed",
    Finding.ALTERED: "ALTERED: it is not as it was when it was sealed; ask the secretariat for the file again",
    Finding.NOT_OURS: "not ours: it bears no seal that these certificates know (only PDF files are sealed)",
}


def verify(path: Path, certificate: Path | None, settings: Settings | None, say: Say) -> int:
    """Say whether a file is as it was sealed by `certificate`, or else by the seals that the settings name."""
    try:
        known = _from_file(certificate) if certificate else _from_settings(settings)
    except SealError as error:
        say(f"{path}: it cannot be told: {error}")
        return Finding.NOT_OURS
    found = find(path.read_bytes(), known)
    say(f"{path}: {_WORDS[found]}")
    return found


def _from_file(path: Path) -> list[Certificate]:
    return read_certificates(path.read_bytes())


def _from_settings(settings: Settings | None) -> list[Certificate]:
    if settings is None or not settings.seal:
        raise SealError("this installation has no seal (PDP_SEAL); give --certificate")
    former = _from_file(Path(settings.former_seals)) if settings.former_seals else []
    return [Seal.read(Path(settings.seal), settings.seal_passphrase).certificate, *former]
