"""Read the opinions asked on a request, and those that await the actor's organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdp.accounts.models import Organisation
from pdp.advice import queries
from pdp.advice.enums import AskAct
from pdp.advice.models import AdviceAsk, AdviceRound
from pdp.advice.rules import standing as rules
from pdp.advice.rules.standing import AskFacts
from pdp.advice.rules.view import AdvicePage, AnswerLine, AskLine, PieceLink, RoundView, Subject
from pdp.audit import service as audit
from pdp.cases.queries import case_facts
from pdp.core import clock, db, french
from pdp.core.errors import NotFound
from pdp.core.french import NBSP
from pdp.dispositifs.enums import Dispositif
from pdp.documents.models import Document
from pdp.documents.rules.access import opens
from pdp.documents.service.access import facts_of, reader_of
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.masking import UNNAMED, organisation_name, reads_name
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels
from pdp.requests import queries as requests
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.workflow import OPEN
from pdp.requests.service import access as request_access


@dataclass(frozen=True, slots=True)
class Expected:
    """A question that awaits the actor's organisation."""

    public_id: str
    case: str
    case_reference: str
    name: str
    dispositif: Dispositif
    due_on: date
    asked_on: date
    late: bool


def read_request_advice(actor: Actor, request_id: str) -> AdvicePage:
    """Return the opinions asked on a request, with one journal entry. Raises `NotFound`."""
    ensure(actor, Permission.ADVICE_READ)
    with db.transaction(actor):
        request = requests.get_request(actor, request_id)
        found = show_rounds(actor, queries.list_rounds(request))
        audit.record(actor, "advice.list", case_id=request.case_id, subject=request, count=len(found))
        return AdvicePage(subject_of(actor, request), found, may_ask(actor, request))


def show_rounds(actor: Actor, rounds: Sequence[AdviceRound]) -> tuple[RoundView, ...]:
    """Return loaded rounds as the actor may read them, without those of which nothing is theirs to read."""
    return tuple(view for view in (_view(actor, each) for each in rounds) if view.asks)


def read_ask(actor: Actor, ask_id: str) -> tuple[Subject, RoundView, AskLine]:
    """Open a question put to the actor's organisation, or any for the core. Raises `NotFound`."""
    ensure(actor, Permission.ADVICE_READ)
    with db.transaction(actor):
        found, asked = queries.get_round_of_ask(actor, ask_id)
        view = _view(actor, found)
        line = next((line for line in view.asks if line.public_id == ask_id), None)
        if line is None or not (actor.is_core or line.is_own):
            raise NotFound
        audit.record(actor, "advice.read", case_id=found.case_id, subject=asked)
        return subject_of(actor, found.request), view, line


def read_round(actor: Actor, round_id: str) -> tuple[Subject, RoundView]:
    """Open a round, for who may give it more time. Raises `NotFound`."""
    ensure(actor, Permission.ADVICE_ASK)
    with db.transaction(actor):
        found = queries.get_round(actor, round_id)
        audit.record(actor, "advice.read", case_id=found.case_id, subject=found)
        return subject_of(actor, found.request), _view(actor, found)


def list_expected(actor: Actor) -> tuple[Expected, ...]:
    """Return the questions that await the actor's organisation, in the caller's transaction and entry."""
    today = clock.today()
    lines = []
    for ask_id, due_on, asked_at, dispositif, case, reference, given, family, named in queries.list_expected(actor):
        name = f"{given} {family}" if named else f"{given[:1]}.{NBSP}{family[:1]}."
        late = today > due_on
        lines.append(Expected(ask_id, case, reference, name, dispositif, due_on, clock.local(asked_at).date(), late))
    return tuple(lines)


def summarise(actor: Actor, request: DispositifRequest) -> str:
    """Say where the opinions asked on a loaded request stand: all of them to the core, its own to a partner."""
    asked = queries.list_standing(actor, request)
    awaited = [row for row in asked if not row[2] and not row[3]]
    if not awaited:
        return "Toutes les réponses sont là." if asked else ""
    due, asked_at = min(row[0] for row in awaited), min(row[1] for row in awaited)
    late = " L’échéance est passée." if due < clock.today() else ""
    if not actor.is_core:
        return f"Votre avis est attendu pour le {french.day(due)}.{late}"
    word = "avis attendus" if len(awaited) > 1 else "avis attendu"
    since = french.day(clock.local(asked_at).date(), year=False)
    return f"{len(awaited)}{NBSP}{word} sur {len(asked)} depuis le {since}, pour le {french.day(due)}.{late}"


def may_ask(actor: Actor, request: DispositifRequest) -> bool:
    """Tell whether the actor may put a question about a loaded request."""
    return (
        can(actor, Permission.ADVICE_ASK)
        and request.status in OPEN
        and request_access.may_write(actor, request.case, Label.REQUEST)
    )


def subject_of(actor: Actor, request: DispositifRequest) -> Subject:
    """Return what a reader of the request may know of its person."""
    readable = readable_labels(actor, case_facts(request.case), clock.today())
    person = request.case.person
    return Subject(
        request=request.public_id,
        case=request.case.public_id,
        case_reference=request.case.reference,
        name=person.full_name if Label.IDENTITY in readable else person.initials.replace(". ", f".{NBSP}"),
        dispositif=request.dispositif,
        purpose=request.purpose,
    )


def facts_of_ask(ask: AdviceAsk) -> AskFacts:
    """Return what decides where a loaded question stands."""
    return AskFacts(
        ask.organisation_id,
        answered=bool(ask.replies),
        declined=ask.declined_at is not None,
        revoked=ask.revoked_at is not None,
    )


def is_revealed(found: AdviceRound) -> bool:
    """Tell whether the organisations of a loaded round may read each other today."""
    return rules.is_revealed([facts_of_ask(ask) for ask in found.asks], found.due_on, clock.today())


def _view(actor: Actor, found: AdviceRound) -> RoundView:
    today, revealed = clock.today(), is_revealed(found)
    case = found.request.case
    readable = readable_labels(actor, case_facts(case), today)
    asked = frozenset(ask.organisation_id for ask in found.asks if ask.revoked_at is None)
    asks = [
        _line(actor, found, ask, revealed=revealed)
        for ask in found.asks
        if actor.is_core or rules.reads_answer(actor, facts_of_ask(ask), readable, revealed=revealed, asked=asked)
    ]
    reader = reader_of(actor, case)
    pieces = [piece.document for piece in found.pieces if opens(reader, facts_of(piece.document))]
    return RoundView(
        public_id=found.public_id,
        version=found.version,
        question=found.question,
        due_on=found.due_on,
        asked_by=found.asked_by.full_name,
        asked_at=clock.local(found.asked_at),
        revealed=revealed and (actor.is_core or len(asks) > 1),
        is_core=actor.is_core,
        asks=tuple(asks),
        pieces=tuple(map(link_to, pieces)),
        may_extend=may_ask(actor, found.request) and today <= found.due_on and not revealed,
    )


def link_to(document: Document) -> PieceLink:
    """Return what a page shows of a piece joined to a question."""
    kind = document.kind.label
    return PieceLink(document.public_id, f"{kind}, {document.precision}" if document.precision else kind)


def _line(actor: Actor, found: AdviceRound, ask: AdviceAsk, *, revealed: bool) -> AskLine:
    facts = facts_of_ask(ask)
    today = clock.today()
    state = rules.state_of(facts, found.due_on, today)
    own = ask.organisation_id == actor.organisation_id
    answers = own and can(actor, Permission.ADVICE_ANSWER)
    return AskLine(
        public_id=ask.public_id,
        organisation=_name(actor, ask.organisation),
        state=state,
        version=ask.version,
        is_own=own,
        answer=_answer(actor, ask),
        decline_reason=ask.decline_reason,
        waiting_days=(today - clock.local(found.asked_at).date()).days,
        may_reply=answers and rules.may(AskAct.REPLY, state, revealed=revealed),
        may_decline=answers and rules.may(AskAct.DECLINE, state, revealed=revealed),
        may_revoke=may_ask(actor, found.request) and rules.may(AskAct.REVOKE, state, revealed=revealed),
    )


def _answer(actor: Actor, ask: AdviceAsk) -> AnswerLine | None:
    if not ask.replies:
        return None
    newest = ask.replies[-1]
    return AnswerLine(
        newest.value,
        newest.text,
        newest.late,
        newest.replied_by.full_name if reads_name(actor, ask.organisation.facts) else UNNAMED,
        clock.local(newest.replied_at),
        len(ask.replies) - 1,
    )


def _name(actor: Actor, organisation: Organisation) -> str:
    return organisation_name(actor, organisation.facts)
