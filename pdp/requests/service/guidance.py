"""Before asking: what the case already says of each dispositif, for each status. Nothing is stored."""

from dataclasses import dataclass

from pdp.audit import service as audit
from pdp.cases.queries import case_facts
from pdp.core import clock, db
from pdp.dispositifs.catalogue import Sheet, load_sheets
from pdp.dispositifs.enums import StatusGroup, Verdict
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, ensure
from pdp.policy.visibility import readable_labels
from pdp.requests import queries
from pdp.requests.enums import RequestAuthor
from pdp.requests.rules.facts import Ask
from pdp.requests.rules.guidance import first_answer
from pdp.requests.service import access
from pdp.requests.service.appraisal import appraise_ask, frame_of, situation_of


@dataclass(frozen=True, slots=True)
class Guide:
    """One dispositif and its first verdict under each status; none when the statuses are not readable."""

    sheet: Sheet
    verdicts: tuple[tuple[StatusGroup, Verdict, str], ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """A case about which a dispositif may be asked."""

    case: str
    reference: str
    name: str
    guides: tuple[Guide, ...]


def guide(actor: Actor, case_public_id: str) -> Guidance:
    """Return the first verdict of every dispositif for a case, which is read and journaled.

    Raises `RuleViolation` when the case takes no request, `Forbidden` when the actor may not ask.
    """
    ensure(actor, Permission.REQUEST_CREATE)
    with db.transaction(actor):
        case = queries.get_case(actor, case_public_id)
        access.ensure_case_open(case)
        access.ensure_writes(actor, case, Label.REQUEST)
        readable = readable_labels(actor, case_facts(case), clock.today())
        frame = frame_of(case.cellule_id)
        situation = situation_of(case, frame)
        shown = Label.EMPLOYMENT in readable
        guides = tuple(
            Guide(
                sheet,
                tuple(
                    (result.group, *first_answer(result, readable, is_core=actor.is_core))
                    for result in appraise_ask(situation, Ask(sheet.code, RequestAuthor.INSURED), frame).results
                )
                if shown
                else (),
            )
            for sheet in load_sheets().values()
        )
        audit.record(actor, "case.read", case_id=case.id, subject=case, part="request_form")
        name = case.person.full_name if Label.IDENTITY in readable else case.person.initials
    return Guidance(case.public_id, case.reference, name, guides)
