"""The seal of the installation: whoever receives a PDF can tell that no byte of it changed since it was made.

A PAdES signature (B-B) by the installation's own certificate, put last and allowing no further change. It says
that the file is whole and where it comes from; it is nobody's signature, and with a self-signed certificate it
proves an identity only to whom was given that certificate.
"""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from asn1crypto import pem, x509
from asn1crypto.cms import ContentInfo, SignerIdentifier
from asn1crypto.core import Null
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

FIELD = "SceauCellulePDP"
Result = TypeVar("Result")
_REASON = "Sceau de la cellule PDP : ce fichier n’a pas changé depuis sa composition"


class Finding(IntEnum):
    """What a verification finds; the value is the exit code of `pdp minutes verify`."""

    INTACT = 0
    ALTERED = 1
    NOT_OURS = 2


class SealError(RuntimeError):
    """The key of the seal cannot be read."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The key that seals, with its certificate."""

    signer: signers.SimpleSigner

    @classmethod
    def read(cls, file: Path, passphrase: str) -> "Seal":
        """Read a PKCS#12 file. Raises `SealError`, which tells neither its content nor its passphrase."""
        try:
            signer = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
                str(file), passphrase=passphrase.encode() or None
            )
        except (OSError, ValueError) as error:
            raise SealError(f"{file}: {type(error).__name__}") from None
        if signer is None:
            raise SealError(f"{file}: wrong passphrase, or no PKCS#12 file")
        if signer.signing_cert.public_key.algorithm != "rsa":
            raise SealError(f"{file}: the key of a seal is an RSA key")
        return cls(signer)

    @property
    def certificate(self) -> x509.Certificate:
        """Return what tells this seal from another."""
        return self.signer.signing_cert

    def put_on(self, body: bytes) -> bytes:
        """Return a PDF with the seal added after its last byte: the first bytes are those given."""
        return _apart(lambda: self._put_on(body))

    def _put_on(self, body: bytes) -> bytes:
        sealed = BytesIO()
        signers.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(body)),
            signers.PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
                reason=_REASON,
            ),
            self.signer,
            output=sealed,
        )
        return sealed.getvalue()


def read_certificates(text: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM file. Raises `SealError` when it holds none."""
    try:
        found = [x509.Certificate.load(der) for kind, _, der in pem.unarmor(text, multiple=True)]
    except (OSError, ValueError) as error:
        raise SealError("no certificate in this file") from error
    return found


def verify(body: bytes, certificates: Iterable[x509.Certificate]) -> Finding:
    """Say whether a PDF is as it was when one of `certificates` sealed it.

    A file that bears our mark and cannot be read any more is altered; one without it, or sealed by somebody
    else, is not ours.
    """
    known = {certificate.sha256 for certificate in certificates}
    return _apart(lambda: _verify(body, known))


def _verify(body: bytes, known: Collection[bytes]) -> Finding:
    ours = Finding.ALTERED if FIELD.encode() in body else Finding.NOT_OURS
    try:
        seals = [seal for seal in PdfFileReader(BytesIO(body)).embedded_signatures if seal.field_name == FIELD]
        if not seals:
            return ours
        seal = seals[0]
        if seal.signer_cert.sha256 not in known:
            return Finding.NOT_OURS
        trust = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(seal, signer_validation_context=trust)
    except Exception:
        return ours
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _is_plain(body, seal)
    return Finding.INTACT if status.intact and status.valid and whole else Finding.ALTERED


def _apart(act: Callable[[], Result]) -> Result:
    """Do it in a thread of its own: the library begins an event loop, and the caller's thread may run one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result()


def _is_plain(body: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Tell whether the place of the signature, which it cannot cover itself, is byte for byte as we write it."""
    _, start, end, _ = (int(number) for number in seal.byte_range)
    signature = _envelope(seal).hex().upper().encode()
    return bool(body[start:end] == b"<" + signature.ljust(end - start - 2, b"0") + b">")


def _envelope(seal: EmbeddedPdfSignature) -> bytes:
    """Return the signature's envelope written again around what the signature covers and the known certificate."""
    found = seal.signer_info
    certificate = seal.signer_cert
    digest = {"algorithm": "sha256", "parameters": Null()}
    signer = {
        "version": "v1",
        "sid": SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": digest,
        "signed_attrs": found["signed_attrs"],
        "signature_algorithm": {"algorithm": "sha256_rsa", "parameters": Null()},
        "signature": found["signature"].native,
    }
    content = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [signer],
    }
    return bytes(ContentInfo({"content_type": "signed_data", "content": content}).dump())


_installed: list[Seal] = []


def install(seal: Seal | None) -> None:
    """Make `seal` the one of this process; None leaves documents without one."""
    _installed[:] = [seal] if seal else []


def sealed(body: bytes) -> bytes:
    """Return a PDF under the seal of the installation; as it is when there is none."""
    return _installed[0].put_on(body) if _installed else body
