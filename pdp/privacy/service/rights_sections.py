"""What the « Droits » tab says of notices given, of what the person contests, and of a restriction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pdp.cases.models import Case
from pdp.cases.rules.view import CaseView
from pdp.core import clock
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can
from pdp.privacy import texts
from pdp.privacy.models import NoticeGiven, ProcessingFreeze, RecipientNotice, Rectification
from pdp.privacy.queries import freezing, notices, rectification
from pdp.privacy.rules.informing import Standing, standing
from pdp.privacy.service.freezing import may_freeze
from pdp.privacy.service.rectification import answer_of, may_decide


@dataclass(frozen=True, slots=True)
class ContestedRow:
    """A rectification, what was answered, and whether the reader may decide of it."""

    row: Rectification
    answer: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts of the tab that are about informing, correcting and restricting."""

    standing: Standing
    given: Sequence[NoticeGiven]
    proofs: Mapping[int, str]
    contested: Sequence[ContestedRow]
    told: Sequence[RecipientNotice]
    freezes: Sequence[ProcessingFreeze]
    case_id: int
    may_give: bool
    may_contest: bool
    may_freeze: bool

    @property
    def current_freeze(self) -> ProcessingFreeze | None:
        """Return the restriction under way."""
        return next((row for row in self.freezes if row.lifted_at is None), None)


def sections_of(actor: Actor, case: Case, view: CaseView) -> Sections:
    """Return these parts for a loaded case, inside a transaction; the caller journals the reading."""
    given = notices.list_given(case)
    found = rectification.list_contested(case, view.labels, corrected=True)
    writes = not actor.in_emergency
    return Sections(
        standing=standing(notices.informing_of(case), texts.versions(), clock.today()),
        given=given,
        proofs=notices.proofs_of(given),
        contested=[
            ContestedRow(row, answer_of(row), row.decision is None and may_decide(actor, case, row.label))
            for row in found
        ],
        told=rectification.list_told(case, view.labels),
        freezes=freezing.list_freezes(case),
        case_id=case.id,
        may_give=writes and can(actor, Permission.NOTICE_RECORD),
        may_contest=writes and can(actor, Permission.RECTIFICATION_RECORD),
        may_freeze=may_freeze(actor, case),
    )
