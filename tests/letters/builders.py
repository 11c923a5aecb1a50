"""What letters are made from, written as rows; and the letters of the canary world, made by the product itself."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from pdp.accounts import queries as accounts
from pdp.accounts import service as account_service
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import DomainError
from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import LetterKind, SendingMeans, TextKind
from pdp.letters.models import CelluleText, Letter
from pdp.letters.queries.register import next_number
from pdp.letters.queries.subject import Subject, get_subject
from pdp.letters.rules.letter import content_hash, to_plain
from pdp.letters.service.compose import Composed, Order, compose, list_partners
from pdp.meetings.enums import DecisionOutcome, OpinionCode
from pdp.meetings.models import AgendaItem, CelluleOpinion, FundDecision
from pdp.policy.actor import Actor
from pdp.requests.enums import RequestStatus
from pdp.requests.models import DispositifRequest
from tests.support.databases import as_owner
from tests.support.world import World

CONDITIONS = "QXRESERVE le tuteur est désigné avant le premier jour."
REASONS = "QXMOTIF le projet répond à la situation."
REFUSAL = "QXREFUS la durée demandée dépasse celle du texte."
ROUTES = "QXRECOURS dans les deux mois, devant la commission de recours amiable (CRA)."


def give_opinion(world: World, case: str, code: OpinionCode, *, conditions: str = "", reasons: str = "") -> None:
    """Write the opinion of the cellule on the request of a case."""
    with as_owner() as session:
        item = session.scalars(select(AgendaItem).where(AgendaItem.public_id == world.item[case])).one()
        _request(world, case).status = RequestStatus.OPINION_GIVEN
        session.add(
            CelluleOpinion(
                cellule_id=item.cellule_id,
                item_id=item.id,
                code=code,
                conditions=conditions,
                reasons=reasons,
                recorded_by_id=world.user["a.coordinateur"],
                recorded_at=clock.now(),
            )
        )
        audit.record(None, "tests.opinion")


def decide(world: World, case: str, outcome: DecisionOutcome, **values: Any) -> None:
    """Write the decision on the request of a case; a refusal has its reasons and its routes of appeal."""
    refused = outcome is DecisionOutcome.REFUSED
    given = {
        "deciding_body": "CPAM",
        "decided_on": clock.today() - timedelta(days=1),
        "reasons": REFUSAL if refused else "",
        "appeal_routes": ROUTES if refused else "",
    }
    with as_owner() as session:
        request = _request(world, case)
        request.status = RequestStatus.REFUSED if refused else RequestStatus.DECIDED
        session.add(
            FundDecision(
                cellule_id=request.cellule_id,
                request_id=request.id,
                outcome=outcome,
                recorded_by_id=world.user["a.cpam"],
                recorded_at=clock.now(),
                **given | values,
            )
        )
        audit.record(None, "tests.decision")


def add(world: World, case: str) -> None:
    """Add to a case a letter to each partner that may be written to, one to the insured, and a text of its cellule."""
    key = case.split(".")[0]
    actor = _actor(world, f"{key}.coordinateur")
    if db.session().scalars(select(CelluleText).where(CelluleText.cellule_id == actor.cellule_id)).first() is None:
        db.session().add(_text(actor))
    for public_id in db.session().scalars(
        select(DispositifRequest.public_id).where(DispositifRequest.case_id == world.case_id[case])
    ):
        try:
            subject = get_subject(actor, public_id)
        except DomainError:
            continue
        orders = [Order(LetterKind.PARTNER, organisation.public_id) for organisation in list_partners(actor, subject)]
        orders += [Order(LetterKind.FAVOURABLE), Order(LetterKind.REFUSAL)]
        # A walk opens the first letter of each case: it is another recipient's from one case to the next.
        first = world.case_id[case] % len(orders)
        for order in orders[first:] + orders[:first]:
            try:
                made = compose(actor, subject, order, "C-2026-001", fictitious=True)
            except DomainError:
                continue
            _keep(actor, subject, order.kind, made)


def _keep(actor: Actor, subject: Subject, kind: LetterKind, made: Composed) -> None:
    session = db.session()
    session.add(
        Letter(
            cellule_id=actor.cellule_id,
            case_id=subject.case.id,
            request_id=subject.request.id,
            organisation_id=made.organisation.id if made.organisation else None,
            year=2026,
            number=next_number(actor.cellule_id, 2026),
            kind=kind,
            labels=made.labels,
            content=to_plain(made.letter),
            content_hash=content_hash(made.letter),
            produced_by_id=actor.user_id,
            produced_at=clock.now(),
            sent_on=clock.today(),
            sent_by_means=SendingMeans.POST,
            sent_by_id=actor.user_id,
        )
    )
    session.flush()


def _text(actor: Actor) -> CelluleText:
    return CelluleText(
        cellule_id=actor.cellule_id,
        code="phrase-essai",
        edition=1,
        kind=TextKind.REASONS,
        dispositif=Dispositif.PMSMP,
        title="Phrase d’essai",
        body="Une phrase d’essai.",
        active=True,
        saved_by_id=actor.user_id,
        saved_at=clock.now(),
    )


def _request(world: World, case: str) -> DispositifRequest:
    wanted = select(DispositifRequest).where(DispositifRequest.public_id == world.request[case])
    return db.session().scalars(wanted).one()


def _actor(world: World, name: str) -> Actor:
    membership = accounts.find_membership(world.user[name], world.membership[name], clock.today())
    assert membership is not None
    return account_service.build_actor(membership)
