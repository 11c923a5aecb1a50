"""Who listens to whom: a lower feature offers a list, a higher one adds a function of its own to it.

Called once per process, when the database is opened; calling it again changes nothing.
"""

from typing import TypeVar

from pdp.accounts import listeners as accounts
from pdp.accounts import recipients
from pdp.accounts import service as account_service
from pdp.advice import service as advice
from pdp.audit import service as audit
from pdp.cases import hooks
from pdp.cases import listeners as cases
from pdp.cases.queries.visibility import open_cases
from pdp.cases.service import emergency
from pdp.consent import listeners as consent
from pdp.convocations import service as convocations
from pdp.convocations.service import mailing
from pdp.documents import hooks as documents
from pdp.documents.service import sharing_forms
from pdp.documents.service.keys import StoredFiles
from pdp.federation import service as federation
from pdp.keys import listeners as keys
from pdp.letters import service as letters
from pdp.meetings import hooks as meetings
from pdp.meetings.service import closed_doors, pulling
from pdp.merging import hooks as merging_hooks
from pdp.merging import service as merging
from pdp.minutes import service as minutes
from pdp.notifications import directory, doors
from pdp.notifications import service as notification_service
from pdp.notifications.directory import Directory
from pdp.notifications.enums import NoticeKind
from pdp.operations import hooks as operations
from pdp.oversight.service import watching
from pdp.partners.service import invitations
from pdp.privacy.service import notices, rectification
from pdp.privacy.service.pack_store import StoredPacks
from pdp.requests import hooks as requests
from pdp.requests.service.expected import list_expected
from pdp.retention.queries import merging as retention_merging

Listener = TypeVar("Listener")
_FILES = StoredFiles()
_PACKS = StoredPacks()


def connect() -> None:
    """Put every listener in its list, and every answerer where it is asked."""
    directory.install(Directory(recipients.find_recipient, recipients.find_reach, open_cases, recipients.list_scopes))
    doors.install(NoticeKind.PASSWORD_RESET, account_service.find_opening)
    for kind in mailing.KINDS:
        cancels = kind is NoticeKind.CONVOCATION_CANCELLED
        doors.install(kind, mailing.opening_of_cancellation if cancels else mailing.opening_of_convocation)
    _add(meetings.changed, convocations.on_change)
    _add(meetings.announced, convocations.list_announced)
    _add(meetings.own_replies, convocations.find_own_reply)
    _add(operations.outbox, notification_service.read_figures)
    _add(audit.watchers, watching.watch)
    _add(consent.sharing_ended, pulling.on_sharing_ended)
    _add(documents.expected_pieces, list_expected)
    _add(documents.filed_papers, minutes.list_papers)
    _add(documents.filed_papers, letters.list_papers)
    _add(meetings.phrases, letters.find_phrases)
    _add(meetings.resolutions, minutes.on_seance_closed)
    _add(documents.expected_pieces, sharing_forms.list_expected)
    _add(requests.advice_summaries, advice.summarise)
    _add(hooks.proof_finders, sharing_forms.find_proofs)
    _add(hooks.homonym_finders, merging.find_homonyms)
    _add(merging_hooks.blockers, retention_merging.objection)
    _add(hooks.contest_finders, rectification.find_contested)
    _add(hooks.alert_finders, notices.find_alerts)
    _add(cases.case_ended, pulling.on_case_ended)
    _add(cases.case_restricted, closed_doors.on_case_restricted)
    _add(cases.case_recused, closed_doors.on_case_recused)
    _add(accounts.emergency_closed, emergency.close_access)
    _add(accounts.membership_ended, invitations.on_membership_ended)
    _add(accounts.membership_limits, federation.opens)
    _add(accounts.sessions_elsewhere, federation.end_at_provider)
    _add(keys.holders, _FILES)
    _add(keys.holders, _PACKS)


def _add(listeners: list[Listener], listener: Listener) -> None:
    if listener not in listeners:
        listeners.append(listener)
