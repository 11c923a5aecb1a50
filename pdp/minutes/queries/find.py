"""Reads of composed minutes: the séance, the minutes, their versions and the register of files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import aliased, undefer

from pdp.accounts.models import Organisation, User
from pdp.cases.models import Case
from pdp.core import db
from pdp.core.errors import NotFound
from pdp.meetings.enums import MeetingKind, MeetingStatus
from pdp.meetings.models import AgendaItem, Meeting
from pdp.minutes.enums import MinutesEventKind
from pdp.minutes.models import Minutes, MinutesEvent, MinutesFile, MinutesVersion
from pdp.policy.actor import Actor
from pdp.requests.models import DispositifRequest

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
    cellule_id: int
    minutes_id: int
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
    """An edition of composed minutes, and its séance."""

    # The journal names a row by its table and its key.
    __tablename__: ClassVar[str] = Minutes.__tablename__

    id: int
    public_id: str
    reference: str
    edition: int
    composed_at: datetime
    composed_by: str
    meeting_id: int
    meeting_public_id: str
    starts_at: datetime
    # It is of a written consultation, not of a séance.
    written: bool = False

    @property
    def erratum(self) -> int:
        """Return the number of the erratum that this edition brings; 0 for the first edition."""
        return self.edition - 1


@dataclass(frozen=True, slots=True)
class VersionAbout:
    """A version that speaks of a case, with its document and where it comes from."""

    version: VersionRow
    content: dict[str, Any]
    minutes_id: int
    meeting_id: int
    reference: str
    edition: int
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


def list_editions(cellule_id: int, public_id: str) -> Sequence[MinutesRow]:
    """Return every edition, newest first, of the minutes named by the public id of one of them or of their séance."""
    named = aliased(Minutes)
    rows = db.session().execute(
        select(Minutes, Meeting, User)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .join(User, User.id == Minutes.composed_by_id)
        .where(
            Minutes.cellule_id == cellule_id,
            or_(
                Meeting.public_id == public_id,
                Minutes.meeting_id.in_(select(named.meeting_id).where(named.public_id == public_id)),
            ),
        )
        .order_by(Minutes.edition.desc())
    )
    return tuple(_minutes(*row) for row in rows)


def _minutes(minutes: Minutes, meeting: Meeting, author: User) -> MinutesRow:
    return MinutesRow(
        id=minutes.id,
        public_id=minutes.public_id,
        reference=minutes.reference,
        edition=minutes.edition,
        composed_at=minutes.composed_at,
        composed_by=author.full_name,
        meeting_id=meeting.id,
        meeting_public_id=meeting.public_id,
        starts_at=meeting.starts_at,
        written=meeting.kind is MeetingKind.WRITTEN,
    )


def meeting_of_version(cellule_id: int, version_public_id: str) -> str:
    """Return the public id of the séance that a version is of. Raises `NotFound`."""
    found = db.session().scalar(
        select(Meeting.public_id)
        .join(Minutes, Minutes.meeting_id == Meeting.id)
        .join(MinutesVersion, MinutesVersion.minutes_id == Minutes.id)
        .where(MinutesVersion.cellule_id == cellule_id, MinutesVersion.public_id == version_public_id)
    )
    if found is None:
        raise NotFound
    return found


def list_versions_about(
    cellule_id: int, case_id: int, case_public_id: str, organisation_id: int | None
) -> Sequence[VersionAbout]:
    """Return the versions of one recipient (None: the complete ones) that speak of a case, newest first."""
    treated = (
        select(AgendaItem.meeting_id)
        .join(DispositifRequest, DispositifRequest.id == AgendaItem.request_id)
        .where(DispositifRequest.cellule_id == cellule_id, DispositifRequest.case_id == case_id)
    )
    rows = db.session().execute(
        select(MinutesVersion, Organisation, Minutes, Meeting)
        .join(Minutes, Minutes.id == MinutesVersion.minutes_id)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .outerjoin(Organisation, Organisation.id == MinutesVersion.organisation_id)
        .options(undefer(MinutesVersion.content))
        .where(
            MinutesVersion.cellule_id == cellule_id,
            MinutesVersion.organisation_id.is_not_distinct_from(organisation_id),
            Minutes.meeting_id.in_(treated),
            # A public id is 22 letters at random: where it stands, the document speaks of the case.
            cast(MinutesVersion.content, String).contains(case_public_id, autoescape=True),
        )
        .order_by(Meeting.starts_at.desc(), Minutes.edition.desc())
    )
    return tuple(
        VersionAbout(
            version=_version(version, organisation, {}),
            content=version.content,
            minutes_id=minutes.id,
            meeting_id=meeting.id,
            reference=minutes.reference,
            edition=minutes.edition,
            starts_at=meeting.starts_at,
        )
        for version, organisation, minutes, meeting in rows
    )


def was_one_held_since(cellule_id: int, instant: datetime) -> bool:
    """Tell whether a séance that began after an instant is closed."""
    held = select(Meeting.id).where(
        Meeting.cellule_id == cellule_id,
        Meeting.kind == MeetingKind.SEANCE,
        Meeting.status == MeetingStatus.CLOSED,
        Meeting.starts_at > instant,
    )
    return db.session().scalar(held.limit(1)) is not None


def find_awaiting(cellule_id: int, before: datetime) -> MinutesRow | None:
    """Return the newest edition of the last séance held before an instant; None when it was approved already."""
    row = (
        db.session()
        .execute(
            select(Minutes, Meeting, User)
            .join(Meeting, Meeting.id == Minutes.meeting_id)
            .join(User, User.id == Minutes.composed_by_id)
            .where(Minutes.cellule_id == cellule_id, Meeting.kind == MeetingKind.SEANCE, Meeting.starts_at < before)
            .order_by(Meeting.starts_at.desc(), Minutes.edition.desc())
            .limit(1)
        )
        .one_or_none()
    )
    if row is None:
        return None
    approved = select(MinutesEvent.id).where(
        MinutesEvent.minutes_id == row[0].id, MinutesEvent.kind == MinutesEventKind.APPROVED
    )
    return None if db.session().scalar(approved.limit(1)) is not None else _minutes(*row)


def list_versions(minutes_ids: Collection[int]) -> Sequence[VersionRow]:
    """Return the versions of these editions with their files, the complete one of each first, then by organisation."""
    files: dict[int, dict[str, FileRow]] = {}
    for file in db.session().scalars(
        select(MinutesFile)
        .join(MinutesVersion, MinutesVersion.id == MinutesFile.version_id)
        .where(MinutesVersion.minutes_id.in_(minutes_ids))
    ):
        row = FileRow(file.format, file.file_name, file.sha256, file.size)
        files.setdefault(file.version_id, {})[file.format] = row
    found = db.session().execute(
        select(MinutesVersion, Organisation)
        .outerjoin(Organisation, Organisation.id == MinutesVersion.organisation_id)
        .where(MinutesVersion.minutes_id.in_(minutes_ids))
        .order_by(MinutesVersion.id)
    )
    return tuple(_version(version, organisation, files[version.id]) for version, organisation in found)


def _version(version: MinutesVersion, organisation: Organisation | None, files: Mapping[str, FileRow]) -> VersionRow:
    return VersionRow(
        id=version.id,
        public_id=version.public_id,
        cellule_id=version.cellule_id,
        minutes_id=version.minutes_id,
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
