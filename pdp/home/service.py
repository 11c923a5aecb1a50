"""Accueil: what waits for the signed-in person, gathered once and journaled once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby

from pdp.advice import service as advice
from pdp.advice.service import Expected
from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.core import clock, db, french
from pdp.core.french import NBSP, listing
from pdp.dispositifs.catalogue import sheet
from pdp.home import queries
from pdp.home.queries import (
    ActionDue,
    AdviceAwaited,
    Counts,
    MeasureEnd,
    NextMeeting,
    NoticeDue,
    PieceDue,
    PiecesToReview,
    ProposalToAnswer,
    StoppageEnd,
    Subject,
)
from pdp.home.registers import Examination, examinations, registers_of
from pdp.home.rules import Bucket, bucket
from pdp.policy.actor import Actor
from pdp.policy.masking import organisation_name
from pdp.policy.permissions import Permission, can
from pdp.privacy.enums.notices import NoticeStanding
from pdp.privacy.enums.pack import Part
from pdp.privacy.queries import pack as packs
from pdp.privacy.queries import register as rights
from pdp.requests.rules.findings import piece_phrase


@dataclass(frozen=True, slots=True)
class Deadline:
    """One line of the worklist: when, about whom, what, who is awaited, and the page that moves it."""

    day: date
    case: Subject
    event: str
    awaited: str
    verb: str
    endpoint: str
    target: dict[str, str]
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Worklist:
    """What the home page shows."""

    counts: Counts
    deadlines: tuple[Deadline, ...]
    meeting: NextMeeting | None
    examinations: tuple[Examination, ...]


def read_worklist(actor: Actor) -> Worklist:
    """Return what waits for the actor; one journal entry for the whole list."""
    today, now = clock.today(), clock.now()
    with db.transaction(actor):
        registers = registers_of(actor)
        counts, answers = queries.count_work(actor, today, [register.waiting(actor) for register in registers])
        meeting = queries.find_next_meeting(actor, today, now)
        found = chain(
            _of_pieces(queries.list_pieces_due(actor, today), today),
            (_of_stoppage(end, today) for end in queries.list_stoppage_ends(actor, today)),
            (_of_review(found, today) for found in queries.list_pieces_to_review(actor, today)),
            (_of_notice(found, today) for found in queries.list_notices_due(actor, today)),
            (_of_action(action, today) for action in queries.list_actions_due(actor, today)),
            (_of_question(found, today) for found in _questions(actor)),
            (_of_measure(found, today) for found in queries.list_measure_ends(actor, today)),
            (_of_proposal(found, today) for found in queries.list_proposals(actor, today)),
            (_of_advice(actor, found, today) for found in queries.list_advice_awaited(actor, today)),
            _of_rights(actor, today),
        )
        deadlines = _sorted(found)
        waiting = examinations(registers, answers)
        audit.record(actor, "home.read", count=len(deadlines) + len(waiting))
    return Worklist(counts, deadlines, meeting, waiting)


def _sorted(deadlines: Iterable[Deadline]) -> tuple[Deadline, ...]:
    return tuple(sorted(deadlines, key=lambda line: (line.day, line.case.reference, line.event)))


def _of_pieces(pieces: Sequence[PieceDue], today: date) -> Iterator[Deadline]:
    """Gather the missing pieces of each request on one line."""
    for request, found in groupby(pieces, key=lambda piece: piece.request_id):
        missing = list(found)
        day = clock.local(missing[0].meeting_at).date()
        phrases = listing([piece_phrase(piece.kind) for piece in missing])
        event = f"{sheet(missing[0].dispositif).label} : il manque {phrases}."
        yield Deadline(
            day,
            missing[0].case,
            event,
            "Attendu avant la séance",
            "Ouvrir",
            "requests.show",
            {"request_id": request},
            bucket(day, today),
        )


def _of_stoppage(end: StoppageEnd, today: date) -> Deadline:
    return Deadline(
        end.ends_on,
        end.case,
        "Fin de l’arrêt prescrit, et une demande n’est pas décidée.",
        "Prolongation ou décision à prévoir",
        "Ouvrir",
        "cases.show_case",
        {"case_id": end.case.public_id},
        bucket(end.ends_on, today),
    )


def _of_review(found: PiecesToReview, today: date) -> Deadline:
    """What a partner proposes waits for no date: it stands with what is due today."""
    return Deadline(
        today,
        found.case,
        "Une pièce proposée par un partenaire est à examiner."
        if found.count == 1
        else f"{found.count}{NBSP}pièces proposées par des partenaires sont à examiner.",
        f"Depuis le {french.day(clock.local(found.oldest).date(), year=False)}",
        "Examiner",
        "documents.case_documents",
        {"case_id": found.case.public_id},
        bucket(today, today),
    )


def _questions(actor: Actor) -> Sequence[Expected]:
    return advice.list_expected(actor) if can(actor, Permission.ADVICE_ANSWER) else ()


def _of_question(found: Expected, today: date) -> Deadline:
    return Deadline(
        found.due_on,
        Subject(found.case, found.case_reference, found.name),
        f"Un avis est demandé à votre organisme : {sheet(found.dispositif).label}.",
        f"Demandé le {french.day(found.asked_on, year=False)}",
        "Répondre",
        "advice.show",
        {"ask_id": found.public_id},
        bucket(found.due_on, today),
    )


def _of_proposal(found: ProposalToAnswer, today: date) -> Deadline:
    """A proposal waits for no date: it stands with what is due today."""
    return Deadline(
        today,
        found.case,
        f"Un partenaire propose : {sheet(found.dispositif).label}.",
        f"Attend votre réponse depuis le {french.day(clock.local(found.proposed_at).date(), year=False)}",
        "Répondre",
        "requests.show",
        {"request_id": found.request_id},
        bucket(today, today),
    )


def _of_measure(found: MeasureEnd, today: date) -> Deadline:
    return Deadline(
        found.ends_on,
        found.case,
        f"{sheet(found.dispositif).label} : fin de la mesure.",
        "Bilan ou suite à prévoir",
        "Ouvrir",
        "measures.show_measure",
        {"request_id": found.request_id},
        bucket(found.ends_on, today),
    )


def _of_advice(actor: Actor, found: AdviceAwaited, today: date) -> Deadline:
    asked = french.day(clock.local(found.asked_at).date(), year=False)
    return Deadline(
        found.due_on,
        found.case,
        f"{sheet(found.dispositif).label} : avis demandé le {asked}, sans réponse.",
        f"Attendu de : {organisation_name(actor, found.organisation)}",
        "Ouvrir",
        "advice.request_advice",
        {"request_id": found.request_id},
        bucket(found.due_on, today),
    )


def _of_notice(found: NoticeDue, today: date) -> Deadline:
    newer = found.standing.state is NoticeStanding.NEWER
    day = found.standing.due_on or today
    return Deadline(
        day,
        found.case,
        "Une nouvelle version de la notice d’information est à remettre à la personne."
        if newer
        else "La notice d’information n’a pas été remise à la personne.",
        f"Elle a reçu la version {found.standing.version}" if newer else "Au premier contact, un mois au plus tard",
        "Noter la remise",
        "privacy.case_rights",
        {"case_id": found.case.public_id},
        bucket(day, today),
    )


def _of_rights(actor: Actor, today: date) -> Iterator[Deadline]:
    """What a person asked on their data: for who answers for the case, and for the zone that a copy awaits."""
    if can(actor, Permission.RIGHTS_READ) and actor.is_core:
        for found in rights.list_waiting(actor, queries.ROWS):
            if found.case is not None and found.due_on is not None:
                event = f"{found.kind.label} : {found.state.label.lower()}."
                received = f"Demandé le {french.day(found.received_on, year=False)}"
                yield _of_request(
                    found.case,
                    found.due_on,
                    today,
                    event,
                    received,
                    "privacy.show_request",
                    "rights_id",
                    found.public_id,
                )
    elif can(actor, Permission.PACK_RELEASE) and actor.is_core:
        for part, found in packs.list_to_release(actor, Part.MEDICAL, queries.ROWS):
            if found.due_on is not None:
                event = "Copie des données : la partie médicale est à relire."
                yield _of_request(
                    part.case,
                    found.due_on,
                    today,
                    event,
                    "Attendu de vous",
                    "privacy.show_part",
                    "part_id",
                    part.public_id,
                )


def _of_request(
    case: Case, due_on: date, today: date, event: str, awaited: str, endpoint: str, name: str, target: str
) -> Deadline:
    subject = Subject(case.public_id, case.reference, case.person.full_name)
    return Deadline(due_on, subject, event, awaited, "Ouvrir", endpoint, {name: target}, bucket(due_on, today))


def _of_action(action: ActionDue, today: date) -> Deadline:
    return Deadline(
        action.due_on,
        action.case,
        action.text,
        f"Attendu de : {action.owner}",
        "Voir",
        "meetings.show_action",
        {"action_id": action.action_id},
        bucket(action.due_on, today),
    )
