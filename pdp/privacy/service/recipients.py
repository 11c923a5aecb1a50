"""Tell who took files out that they changed, or may not be used (art. 19 RGPD), and show them which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pdp.audit import service as audit
from pdp.consent import queries as consent
from pdp.consent.enums import DepartureKind
from pdp.consent.models import Departure
from pdp.core import clock, db
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.privacy.enums.notices import RecipientNews
from pdp.privacy.models import RecipientNotice
from pdp.privacy.queries import rectification as queries

# Where a partner reads what it was told: a page that names no person and no case.
NEWS_PATH = "/fichiers-a-revoir"


@dataclass(frozen=True, slots=True)
class NewsFile:
    """A file that the organisation took out: what it was, which version, when and by whom."""

    what: DepartureKind
    version: str
    left_at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class News:
    """What an organisation was told, and the files concerned."""

    news: RecipientNews
    label: Label | None
    told_at: datetime
    files: tuple[NewsFile, ...]


def tell_recipients(
    actor: Actor, cellule_id: int, case_id: int, news: RecipientNews, label: Label | None = None
) -> int:
    """Tell each organisation that took a file of the case out; return how many were told."""
    organisations = queries.recipients_of(case_id, cellule_id, label)
    for organisation_id in organisations:
        told = RecipientNotice(
            cellule_id=cellule_id,
            case_id=case_id,
            organisation_id=organisation_id,
            news=news,
            label=label,
            told_at=clock.now(),
        )
        db.session().add(told)
        db.session().flush()
        audit.record(actor, "recipient.tell", case_id=case_id, subject=told, news=news.value)
        notifications.notify(
            consent.people_concerned(cellule_id, case_id, organisation_id, clock.today()),
            NoticeKind.FILES_TO_REVIEW,
            cellule_id=cellule_id,
            link=NEWS_PATH,
        )
    return len(organisations)


def list_news(actor: Actor) -> tuple[News, ...]:
    """Return what the actor's organisation was told of the files that it took out; one journal entry."""
    ensure(actor, Permission.RECALL_ANSWER)
    with db.transaction(actor):
        told = queries.list_own_news(actor)
        files = queries.files_of(actor, {row.case_id for row in told})
        audit.record(actor, "recipient.list", count=len(told))
        return tuple(News(row.news, row.label, row.told_at, _files(row, files)) for row in told)


def _files(told: RecipientNotice, files: Sequence[Departure]) -> tuple[NewsFile, ...]:
    return tuple(
        NewsFile(row.what, row.object_version, row.left_at, row.user.full_name)
        for row in files
        if row.case_id == told.case_id and row.left_at <= told.told_at and told.label in {None, *row.labels}
    )
