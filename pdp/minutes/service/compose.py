"""Compose the minutes of a closed séance, once: number, versions, files."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pdp.accounts.models import Organisation, User
from pdp.accounts.queries import lock_cellule
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import RuleViolation
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import Meeting
from pdp.minutes import queries
from pdp.minutes.compose import compose
from pdp.minutes.document import Document
from pdp.minutes.facts import MeetingFacts, Person
from pdp.minutes.models import Minutes, MinutesFile, MinutesVersion
from pdp.minutes.recipients import ARTICLES, partner
from pdp.minutes.redaction import redact
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import content_hash, to_plain
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_NOT_CLOSED = "La séance n’est pas close. Fermez-la depuis la console, puis composez le procès-verbal."
_COMPLETE = "complet"


@dataclass(frozen=True, slots=True)
class Composed:
    """The minutes of a séance; `created` is False when they had already been composed."""

    public_id: str
    reference: str
    created: bool


def compose_minutes(actor: Actor, meeting_public_id: str, *, fictitious: bool = False) -> Composed:
    """Compose the minutes of a closed séance: the complete version and one per partner concerned.

    They are composed once: a second call changes nothing and returns the existing ones. The number
    follows the cellule's last one of the year of the séance, under a lock of the cellule. Raises
    `RuleViolation` while the séance is not closed, or when a text cannot be printed.
    """
    ensure(actor, Permission.MINUTES_COMPOSE)
    with db.transaction(actor) as session:
        meeting = queries.get_meeting(actor, meeting_public_id)
        if meeting.status is not MeetingStatus.CLOSED:
            raise RuleViolation(_NOT_CLOSED)
        # Numbers are given out one at a time.
        lock_cellule(actor.cellule_id)
        existing = queries.list_editions(actor.cellule_id, meeting_public_id)
        if existing:
            return Composed(existing[0].public_id, existing[0].reference, created=False)
        minutes = _allocate(actor, meeting)
        session.add(minutes)
        session.flush()
        loaded = queries.load(meeting)
        facts = _facts(actor, loaded, minutes, fictitious=fictitious)
        documents = list(versions_of(facts, loaded.partners, complete_document(facts)))
        for organisation, document in documents:
            store_version(minutes, organisation, document)
        audit.record(actor, "minutes.compose", subject=minutes, items=len(facts.items), versions=len(documents))
        return Composed(minutes.public_id, minutes.reference, created=True)


def _allocate(actor: Actor, meeting: Meeting) -> Minutes:
    year = clock.local(meeting.starts_at).year
    return Minutes(
        cellule_id=actor.cellule_id,
        meeting_id=meeting.id,
        year=year,
        number=queries.next_number(actor.cellule_id, year),
        # The date printed in the files is in whole seconds.
        composed_at=clock.now().replace(microsecond=0),
        composed_by_id=actor.user_id,
    )


def _facts(actor: Actor, loaded: queries.LoadedMeeting, minutes: Minutes, *, fictitious: bool) -> MeetingFacts:
    author = db.session().get_one(User, actor.user_id)
    facts = queries.gather(
        loaded,
        number=minutes.reference,
        secretary=Person(author.full_name, author.job_title),
        composed_at=minutes.composed_at,
        fictitious=fictitious,
    )
    return replace(facts, journal=audit.fingerprint(actor.cellule_id))


def complete_document(facts: MeetingFacts) -> Document:
    """Return the complete document. Raises `RuleViolation` for a text that cannot be printed."""
    try:
        return compose(facts)
    except ValueError as error:
        # Texts that no document can carry; the message is French and says which.
        raise RuleViolation(str(error)) from error


def versions_of(
    facts: MeetingFacts, partners: Sequence[Organisation], complete: Document
) -> Iterator[tuple[Organisation | None, Document]]:
    """Yield the complete document, then the version of each partner that may read at least one point."""
    yield None, complete
    for organisation in partners:
        recipient = partner(facts, organisation.id, organisation.short_name, ARTICLES.get(organisation.kind, ""))
        if any(recipient.items.values()):
            yield organisation, redact(complete, recipient)


def store_version(minutes: Minutes, organisation: Organisation | None, document: Document) -> None:
    """Keep a recipient's version and its files, in the transaction under way."""
    session = db.session()
    version = MinutesVersion(
        cellule_id=minutes.cellule_id,
        minutes_id=minutes.id,
        organisation_id=organisation.id if organisation else None,
        content=to_plain(document),
        content_hash=content_hash(document),
    )
    session.add(version)
    session.flush()
    name = _file_stem(organisation)
    for code, renderer in RENDERERS.items():
        body = renderer.make(document)
        session.add(
            MinutesFile(
                cellule_id=minutes.cellule_id,
                version_id=version.id,
                format=code,
                file_name=f"pv-{minutes.reference}-{name}.{renderer.extension}",
                sha256=hashlib.sha256(body).hexdigest(),
                size=len(body),
                body=body,
                created_at=minutes.composed_at,
            )
        )


def _file_stem(organisation: Organisation | None) -> str:
    """Return the recipient's part of a file name: « complet », « cap-emploi »."""
    if organisation is None:
        return _COMPLETE
    plain = unicodedata.normalize("NFKD", organisation.short_name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or str(organisation.kind)
