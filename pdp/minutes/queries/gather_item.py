"""From the rows of one agenda item to its facts."""

from collections.abc import Sequence
from datetime import date

from pdp.accounts.models import Organisation
from pdp.cases.models import Case
from pdp.core import clock, french
from pdp.core.french import NBSP
from pdp.dispositifs.catalogue import sheet
from pdp.dispositifs.enums import StatusGroup as Group
from pdp.meetings import queries as meetings
from pdp.meetings.enums import ActionKind, BallotStatus, DecisionOutcome
from pdp.meetings.enums import OpinionCode as Opinion
from pdp.meetings.models import Action, AgendaItem, CelluleOpinion, FundDecision
from pdp.minutes import words
from pdp.minutes.enums import OpinionCode, StatusGroup
from pdp.minutes.facts import (
    ActionFacts,
    AgreementFacts,
    DecisionFacts,
    DissentFacts,
    ItemFacts,
    OpinionFacts,
    RemarkFacts,
    StatusFacts,
)
from pdp.minutes.queries.gather_eligibility import STATUS_NAMES, gather_eligibility
from pdp.minutes.queries.gather_presence import presence_of
from pdp.minutes.queries.gather_votes import gather_votes
from pdp.minutes.queries.load import LoadedMeeting
from pdp.minutes.readers import readers
from pdp.policy.labels import Label
from pdp.requests.enums import PieceState
from pdp.requests.models import DispositifRequest, RequiredPiece
from pdp.requests.rules.pieces import piece_name

_OPINIONS: dict[Opinion, tuple[OpinionCode, str]] = {
    Opinion.FAVOURABLE: (OpinionCode.FAVOURABLE, "Avis favorable"),
    Opinion.FAVOURABLE_WITH_CONDITIONS: (OpinionCode.FAVOURABLE_WITH_CONDITIONS, "Avis favorable sous réserve"),
    Opinion.UNFAVOURABLE: (OpinionCode.UNFAVOURABLE, "Avis défavorable"),
    Opinion.ADJOURNED: (OpinionCode.ADJOURNED, "Avis ajourné"),
    Opinion.NO_OBJECT: (OpinionCode.NO_OBJECT, "Demande sans objet"),
    Opinion.REORIENTED: (OpinionCode.REORIENTED, "Demande réorientée"),
}
_ADDED = "Point ajouté en séance."
_NOT_EXAMINED = "Le dossier n’a pas été examiné en séance. La demande est à inscrire à une prochaine séance."
_EVOKED = (
    "Un membre a demandé un débat oral le {day}. La demande est renvoyée à la prochaine séance. "
    "Les votes reçus ne sont pas comptés."
)
_AWAITED = (PieceState.MISSING, PieceState.ABSENT)
_PURPOSES = {ActionKind.CONDITION: "réserve à lever", ActionKind.MISSING: "élément attendu"}
_DECISIONS = {DecisionOutcome.GRANTED: "demande accordée", DecisionOutcome.REFUSED: "demande refusée"}


def gather_item(loaded: LoadedMeeting, item: AgendaItem) -> ItemFacts:
    """Return the facts of one request on the agenda, with who may read what of it."""
    request, case = item.request, item.request.case
    question = _question(item)
    start, end = _period(request, question)
    votes = gather_votes(loaded, item)
    return ItemFacts(
        position=item.position,
        case_reference=case.reference,
        case_id=case.public_id,
        person_initials=case.person.initials,
        person_name=case.person.full_name,
        dispositif=sheet(request.dispositif).label,
        question=question,
        statuses=_statuses(case, loaded.held_on),
        period_start=start,
        period_end=end,
        eligibility=gather_eligibility(loaded, item),
        agreements=_agreements(loaded, item),
        quorum=votes.quorum,
        votes=votes.deliberative,
        consultative=votes.consultative,
        discussion=item.discussion,
        tally=votes.tally,
        opinion=_opinion(item.opinion) if item.opinion else None,
        dissents=_dissents(item.opinion),
        actions=tuple(_action(action) for action in loaded.actions.get(item.id, ())),
        decision=_decision(loaded.decisions.get(request.id)),
        remarks=_remarks(item, loaded.decisions.get(request.id), presence_of(loaded, item)),
        readers=_readers(loaded, case, loaded.partners),
    )


def _question(item: AgendaItem) -> str:
    """Return the question as it was put; the one frozen by the ballot before any other."""
    asked = (item.ballot.question if item.ballot else "") or item.question or item.request.question
    if asked:
        return asked
    period = french.period(item.request.measure_start, item.request.measure_end)
    return sheet(item.request.dispositif).question_for(period)


def _period(request: DispositifRequest, question: str) -> tuple[date | None, date | None]:
    """Return the period of the measure, unless the question already says it."""
    period = french.period(request.measure_start, request.measure_end)
    if _plain(period) in _plain(question):
        return None, None
    return request.measure_start, request.measure_end


def _plain(text: str) -> str:
    return text.replace(NBSP, " ").lower()


def _statuses(case: Case, day: date) -> tuple[StatusFacts, ...]:
    held = [activity for activity in case.activities if activity.ends_on is None or activity.ends_on >= day]
    groups = dict.fromkeys(activity.status.group for activity in held)
    return tuple(StatusFacts(StatusGroup(group.value), STATUS_NAMES[group]) for group in Group if group in groups)


def _agreements(loaded: LoadedMeeting, item: AgendaItem) -> tuple[AgreementFacts, ...]:
    snapshot = loaded.snapshots.get(item.request_id)
    kept = {path: word for facts in (snapshot.facts if snapshot else {}).values() for path, word in facts.items()}
    return tuple(_agreement(piece, kept.get(f"{piece.nature}.{piece.kind}")) for piece in item.request.pieces)


def _agreement(piece: RequiredPiece, kept: str | None) -> AgreementFacts:
    """Return a piece in the state that the eligibility of the séance kept: what came later is not of these minutes."""
    if kept is not None and kept != piece.state:
        return AgreementFacts(piece_name(piece.nature, piece.kind), PieceState(kept).label.lower(), None, "")
    asked = f"demandé le {french.day(piece.asked_on)}" if piece.asked_on and piece.state in _AWAITED else ""
    # What was received with an agreement stays in the file; the minutes keep why one was refused.
    said = piece.comment.strip().rstrip(".") if piece.state is PieceState.REFUSED else ""
    detail = ", ".join(filter(None, (asked, said)))
    return AgreementFacts(piece_name(piece.nature, piece.kind), piece.state.label.lower(), piece.dated, detail)


def _opinion(opinion: CelluleOpinion) -> OpinionFacts:
    code, name = _OPINIONS[opinion.code]
    return OpinionFacts(code, name, _lines(opinion.conditions), _lines(opinion.reasons))


def _dissents(opinion: CelluleOpinion | None) -> tuple[DissentFacts, ...]:
    return tuple(DissentFacts("", line) for line in _lines(opinion.dissent)) if opinion else ()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _action(action: Action) -> ActionFacts:
    purpose = _PURPOSES.get(action.kind, "")
    return ActionFacts(action.owner_organisation_id, action.owner.short_name, action.text, action.due_on, purpose)


def _decision(decision: FundDecision | None) -> DecisionFacts | None:
    if decision is None:
        return None
    return DecisionFacts(
        body=decision.deciding_body,
        name=_DECISIONS[decision.outcome],
        decided_on=decision.decided_on,
        notified_on=decision.notified_on,
        reasons=_lines(decision.reasons),
        appeal=decision.appeal_routes.strip(),
    )


def _remarks(item: AgendaItem, decision: FundDecision | None, presence: str) -> tuple[RemarkFacts, ...]:
    remarks = [RemarkFacts(Label.REQUEST, "Ordre du jour", _ADDED)] if item.added_in_session else []
    if presence:
        remarks.append(RemarkFacts(Label.BALLOT, "Présence", presence))
    if item.ballot is not None and item.ballot.status is BallotStatus.STOPPED and item.ballot.closed_at:
        asked = french.day(clock.local(item.ballot.closed_at).date())
        remarks.append(RemarkFacts(Label.REQUEST, "Débat oral", _EVOKED.format(day=asked)))
    elif item.opinion is None:
        remarks.append(RemarkFacts(Label.REQUEST, "Examen", _NOT_EXAMINED))
    remarks += _corrected(item)
    if decision and decision.prior_approval_on:
        given = f"Donné par la caisse le {french.day(decision.prior_approval_on)}."
        remarks.append(RemarkFacts(Label.DECISION, "Accord préalable", given))
    return tuple(remarks)


def _corrected(item: AgendaItem) -> list[RemarkFacts]:
    """Return what two persons corrected after the closing: both opinions, the day, the names, and why."""
    held = item.opinion.correction if item.opinion else None
    mark = meetings.correction_mark(item.opinion) if item.opinion else None
    if held is None or mark is None:
        return []
    on = french.day(clock.local(mark.at).date())
    said = (
        f"Avis enregistré à la clôture{NBSP}: {mark.first.label.lower()}. Rectifié le {on}, sur proposition de "
        f"{mark.proposed_by}, confirmée par {mark.confirmed_by}."
    )
    why = f"{words.sentence(held.reason)} {held.explanation}".strip()
    return [RemarkFacts(Label.OPINION, "Rectification", said), RemarkFacts(Label.BALLOT, "Motif rectifié", why)]


def _readers(loaded: LoadedMeeting, case: Case, partners: Sequence[Organisation]) -> dict[int, frozenset[Label]]:
    facts = loaded.cases[case.id]
    found = {
        partner.id: readers(partner.id, partner.kind, facts, (loaded.held_on, clock.today())) for partner in partners
    }
    return {organisation: labels for organisation, labels in found.items() if labels}
