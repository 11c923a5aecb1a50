"""Reads of composed minutes: the séance, the minutes, their versions and the register of files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import undefer

from pdp.accounts.models import Organisation, User
from pdp.cases.models import Case
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.meetings.models import Meeting
from pdp.minutes.models import Minutes, MinutesFile, MinutesVersion
from pdp.policy.actor import Actor

FORMATS = ("pdf", "docx", "odt")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the register, without its bytes."""

    format: str
    file_name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the minutes; without an organisation, the complete one."""

    # The journal names a row by its table and its key.
    __tablename__: ClassVar[str] = MinutesVersion.__tablename__

    id: int
    public_id: str
    organisation_id: int | None
    organisation_kind: str | None
    name: str
    content_hash: str
    files: tuple[FileRow, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether this is the version of the Assurance Maladie core."""
        return self.organisation_id is None


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """Composed minutes and their séance."""

    id: int
    public_id: str
    reference: str
    composed_at: datetime
    composed_by: str
    meeting_id: int
    meeting_public_id: str
    starts_at: datetime


def get_meeting(actor: Actor, public_id: str) -> Meeting:
    """Return a séance of the actor's cellule."""
    found = (
        db.session()
        .scalars(select(Meeting).where(Meeting.cellule_id == actor.cellule_id, Meeting.public_id == public_id))
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def next_number(cellule_id: int, year: int) -> int:
    """Return the next number of the year; the caller holds the lock of the cellule."""
    last = db.session().scalar(
        select(func.max(Minutes.number)).where(Minutes.cellule_id == cellule_id, Minutes.year == year)
    )
    return (last or 0) + 1


def find_minutes(actor: Actor, public_id: str) -> MinutesRow | None:
    """Return the minutes named by their own public id or by that of their séance."""
    row = (
        db.session()
        .execute(
            select(Minutes, Meeting, User)
            .join(Meeting, Meeting.id == Minutes.meeting_id)
            .join(User, User.id == Minutes.composed_by_id)
            .where(
                Minutes.cellule_id == actor.cellule_id,
                or_(Minutes.public_id == public_id, Meeting.public_id == public_id),
            )
        )
        .one_or_none()
    )
    if row is None:
        return None
    minutes, meeting, author = row
    return MinutesRow(
        id=minutes.id,
        public_id=minutes.public_id,
        reference=minutes.reference,
        composed_at=minutes.composed_at,
        composed_by=author.full_name,
        meeting_id=meeting.id,
        meeting_public_id=meeting.public_id,
        starts_at=meeting.starts_at,
    )


def list_versions(minutes_id: int) -> Sequence[VersionRow]:
    """Return the versions with their files, the complete one first, then by organisation."""
    files: dict[int, dict[str, FileRow]] = {}
    for file in db.session().scalars(
        select(MinutesFile)
        .join(MinutesVersion, MinutesVersion.id == MinutesFile.version_id)
        .where(MinutesVersion.minutes_id == minutes_id)
    ):
        row = FileRow(file.format, file.file_name, file.sha256, file.size)
        files.setdefault(file.version_id, {})[file.format] = row
    found = db.session().execute(
        select(MinutesVersion, Organisation)
        .outerjoin(Organisation, Organisation.id == MinutesVersion.organisation_id)
        .where(MinutesVersion.minutes_id == minutes_id)
        .order_by(MinutesVersion.id)
    )
    return tuple(_version(version, organisation, files[version.id]) for version, organisation in found)


def _version(version: MinutesVersion, organisation: Organisation | None, files: Mapping[str, FileRow]) -> VersionRow:
    return VersionRow(
        id=version.id,
        public_id=version.public_id,
        organisation_id=version.organisation_id,
        organisation_kind=organisation.kind.value if organisation else None,
        name=organisation.short_name if organisation else "Version complète",
        content_hash=version.content_hash,
        files=tuple(files[name] for name in FORMATS if name in files),
    )


def version_content(version_id: int) -> dict[str, Any]:
    """Return the neutral document of a version, as plain values."""
    content: dict[str, Any] = (
        db.session().scalars(select(MinutesVersion.content).where(MinutesVersion.id == version_id)).one()
    )
    return content


def get_file(version_id: int, file_format: str) -> MinutesFile:
    """Return a rendered file with its bytes."""
    found = (
        db.session()
        .scalars(
            select(MinutesFile)
            .options(undefer(MinutesFile.body))
            .where(MinutesFile.version_id == version_id, MinutesFile.format == file_format)
        )
        .one_or_none()
    )
    if found is None:
        raise NotFound
    return found


def case_ids(cellule_id: int, public_ids: Sequence[str]) -> Mapping[str, int]:
    """Return the keys of cases named by their public ids."""
    rows = db.session().execute(
        select(Case.public_id, Case.id).where(Case.cellule_id == cellule_id, Case.public_id.in_(public_ids))
    )
    return {row.public_id: row.id for row in rows}
