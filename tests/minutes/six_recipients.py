"""The minutes of a séance as six recipients hold them: three files each, sealed, without a word that is not theirs.

What each may read comes from `tests/access/access_matrix.csv` and from the agreements that the caller wrote down,
never from the policy. `prove` takes any closed séance whose texts are words of a `Mint`.
"""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import docx
import pikepdf
from asn1crypto import pem
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import undefer

from pdp.core import clock
from pdp.core.seal import Seal
from pdp.minutes import commands, service
from pdp.minutes.compose import compose
from pdp.minutes.models import MinutesFile, MinutesVersion
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import from_plain
from pdp.policy.actor import Actor
from tests.access.canary.oracle import MATRIX
from tests.minutes import example
from tests.minutes.extract import words as words_of
from tests.support.databases import as_owner

FORMATS = ("pdf", "docx", "odt")
PARTNERS = ("spst", "cap_emploi", "comete", "mdph", "oeth")
# Written in no minutes at all, whoever reads them (access notes).
_NEVER = frozenset({"medical", "social", "nir", "allowance"})
_READS = frozenset({"R", "RW", "R+own"})
_IF_AGREED = frozenset({"A", "AW"})

# (case, partner) → the labels that its agreement opens on the day, written by hand.
Agreed = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class Word:
    """A word that is in one text only. `label`: a row of the matrix, several when it speaks of several things,
    or `existence`, what tells that a case was examined. `owner`: whose vote or action it is.
    """

    text: str
    label: str
    case: str
    owner: str = ""
    # False: it is a text of the file that no minutes print.
    printed: bool = True


@dataclass
class Mint:
    """Gives words: short, so that no renderer breaks them over two lines."""

    words: list[Word] = field(default_factory=list)

    def __call__(self, label: str, case: str, owner: str = "", *, printed: bool = True) -> str:
        """Return a new word of a label of a case."""
        word = Word(f"qz{len(self.words):04}z", label, case, owner, printed and label not in _NEVER)
        self.words.append(word)
        return word.text

    def note(self, text: str, label: str, case: str, *, printed: bool = True) -> None:
        """Remember a text that the world holds already."""
        self.words.append(Word(text, label, case, printed=printed))


def may_read(word: Word, role: str, agreed: Agreed) -> bool:
    """Tell whether the matrix and the agreements let a recipient read a word in its minutes."""
    opened = agreed.get((word.case, role), frozenset())
    if not word.printed or (role in PARTNERS and not opened):
        return False
    if word.label == "existence":
        return True
    return all(_reads(label, word.owner, role, opened) for label in word.label.split())


def _reads(label: str, owner: str, role: str, opened: frozenset[str]) -> bool:
    written = MATRIX[role, label]
    if role in PARTNERS:
        return owner == role if written == "own" else written in _IF_AGREED and label in opened
    return written in _READS


@dataclass(frozen=True)
class Proof:
    """The files that were opened, and the figures."""

    files: "list[File]"
    figure: str


@dataclass(frozen=True)
class File:
    """A file as its recipient downloaded it, and all that can be read in it."""

    role: str
    format: str
    body: bytes
    text: str


def prove(
    actors: Mapping[str, Actor], meeting: str, words: Sequence[Word], agreed: Agreed, *, seal: Seal, folder: Path
) -> Proof:
    """Compose and send the minutes of a closed séance, and open each file as its recipient.

    `actors` has one person of each recipient by the head of its column in the matrix, the coordinator among them;
    `seal` is the one installed in the process that composes.
    """
    _send(actors["coordinateur"], meeting)
    files = [file for role, actor in actors.items() for file in _files(actor, role, meeting)]
    assert len(files) == len(FORMATS) * len(actors)
    read = sum(_check_words(file, words, agreed) for file in files)
    pdfs = [file for file in files if file.format == "pdf"]
    for file in pdfs:
        _check_pdf(file)
        _check_seal(file, seal, folder)
    again = _check_bytes(meeting)
    known = sum(word.printed for word in words)
    return Proof(
        files,
        f"{len(actors)} recipients, {len(files)} files: {len(words)} words planted ({known} for some minutes), "
        f"{read} found where they may be read, 0 elsewhere; {len(pdfs)} PDF tagged and sealed, "
        f"{len(pdfs)} flipped bytes found; {again} files made again, 0 bytes apart",
    )


def _send(coordinator: Actor, meeting: str) -> None:
    service.compose_minutes(coordinator, meeting)
    lines = service.read_sending(coordinator, meeting).lines
    leaves_at = service.prepare_sending(
        coordinator, meeting, versions=[line.version.public_id for line in lines if line.can_leave]
    )
    with clock.acting_at(leaves_at):
        service.send_due()


def _files(actor: Actor, role: str, meeting: str) -> Iterator[File]:
    version = service.read_minutes(actor, meeting).shown.version
    assert version.is_complete is (role not in PARTNERS), role
    for name in FORMATS:
        body = service.download(actor, meeting, version.public_id, name).body
        yield File(role, name, body, f"{words_of(name, body)}\n{_other_reading(name, body)}")


def _other_reading(name: str, body: bytes) -> str:
    """Open a file with a library that did not write it, and return what it finds."""
    if name == "pdf":
        with pikepdf.open(io.BytesIO(body)) as pdf:
            strings = [str(found) for item in pdf.objects for found in _strings(item)]
        return "\n".join(strings)
    if name == "docx":
        word = docx.Document(io.BytesIO(body))
        assert (word.core_properties.language, bool(word.core_properties.title)) == ("fr-FR", True)
        return "\n".join(paragraph.text for paragraph in word.paragraphs)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        assert archive.testzip() is None
        meta = "".join(etree.fromstring(archive.read("meta.xml")).itertext())
        assert "fr-FR" in meta
        return meta + "".join(etree.fromstring(archive.read("content.xml")).itertext())


def _strings(item: object) -> Iterator[pikepdf.String]:
    """Yield the strings of an object: titles of bookmarks, alternative texts, fields."""
    values = item.values() if isinstance(item, pikepdf.Dictionary) else ()
    yield from (value for value in values if isinstance(value, pikepdf.String))


def _check_words(file: File, words: Sequence[Word], agreed: Agreed) -> int:
    """Nothing that is not the recipient's, and everything that is: empty minutes do not pass."""
    expected = {word for word in words if may_read(word, file.role, agreed)}
    found = {word for word in words if word.text in file.text}
    told = f"{file.role}, {file.format}"
    assert not found - expected, f"{told} holds what is not its own: {sorted(map(str, found - expected))}"
    assert not expected - found, f"{told} lacks: {sorted(map(str, expected - found))}"
    assert expected, told
    return len(expected)


def _check_pdf(file: File) -> None:
    with pikepdf.open(io.BytesIO(file.body)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("fr")
        with pdf.open_metadata() as metadata:
            assert str(metadata["dc:title"]).startswith("Procès-verbal")


def _check_seal(file: File, seal: Seal, folder: Path) -> None:
    """The command and, where it is installed, `pdfsig` agree on the file, on a flipped byte, on another's PDF."""
    certificate = folder / "seal.pem"
    certificate.write_bytes(pem.armor("CERTIFICATE", seal.certificate.dump()))
    place = len(file.body) // 3
    flipped = file.body[:place] + bytes([file.body[place] ^ 1]) + file.body[place + 1 :]
    for content, code, word in ((file.body, 0, "is Valid"), (flipped, 1, ""), (_unsealed(), 2, "does not contain")):
        path = folder / f"{file.role}.pdf"
        path.write_bytes(content)
        assert commands.verify(path, certificate, None, lambda _line: None) == code, (file.role, code)
        told = _pdfsig(path, word)
        assert word in told, (file.role, told)
        assert code == 0 or "is Valid" not in told, (file.role, told)


def _pdfsig(path: Path, otherwise: str) -> str:
    tool = shutil.which("pdfsig")
    if tool is None:
        return otherwise
    done = subprocess.run([tool, "-nocert", str(path)], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout + done.stderr


def _unsealed() -> bytes:
    """Return minutes that no installation sealed."""
    return RENDERERS["pdf"].render(compose(example.meeting()))


def _check_bytes(meeting: str) -> int:
    """Make each file again from what was kept: equal, byte for byte, under the seal."""
    made = 0
    with as_owner() as session:
        kept = select(MinutesFile).options(undefer(MinutesFile.body))
        for version in session.scalars(select(MinutesVersion).options(undefer(MinutesVersion.content))):
            for file in session.scalars(kept.where(MinutesFile.version_id == version.id)):
                again = RENDERERS[file.format].render(from_plain(version.content))
                assert file.body.startswith(again) if file.format == "pdf" else file.body == again, file.file_name
                made += 1
    return made
