"""The demo's written consultations: one closed with its minutes, one under way."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from pdp.cases.models import Case
from pdp.consultations import service
from pdp.consultations.service.closing import close_due
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.demo.requests import record_pieces
from pdp.dispositifs.enums import Dispositif
from pdp.meetings import service as seances
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.models import AgendaItem, Ballot, Meeting
from pdp.minutes import service as minutes
from pdp.requests import service as requests
from pdp.requests.enums import RequestAuthor

_SECRETARY = "claire"
_PIECES = {"ATTENDING": [-15, "karim"], "ADVISER": [-15, "antoine"]}


def consult_in_writing(people: People, moments: Moments, cases: dict[str, Case]) -> None:
    """Play a consultation to its minutes, and leave another one with votes awaited and one said by phone."""
    _closed(people, moments, cases["odile"])
    _under_way(people, moments, cases["karine"])


def _closed(people: People, moments: Moments, case: Case) -> None:
    secretary = people.actor(_SECRETARY)
    asked = _ask(people, moments, case, "Choisir un métier accessible avant la fin de l’arrêt.", (35, 55))
    opening = moments.at(-11, 9)
    with clock.acting_at(opening):
        found = service.plan_consultation(
            secretary, requests=[asked], ends_day=(opening + timedelta(days=6)).date(), ends_time=time(18)
        )
    item, ballot, ends_at = _question(found)
    for hours, who in ((3, "helene"), (6, "antoine"), (26, "martine"), (30, "sophie"), (50, "julien")):
        with clock.acting_at(opening + timedelta(hours=hours)):
            service.cast(people.actor(who), ballot, value=VoteValue.FOR)
    with clock.acting_at(ends_at):
        close_due(db.Upkeep(people.cellule.id), found)
    with clock.acting_at(ends_at + timedelta(hours=16)):
        version = service.read_question(secretary, found, ballot).row.version
        seances.record_opinion(secretary, item, version=version, code=OpinionCode.FAVOURABLE)
        version = service.read_consultation(secretary, found).view.version
        service.finish(secretary, found, version=version)
        minutes.compose_minutes(secretary, found, fictitious=True)


def _under_way(people: People, moments: Moments, case: Case) -> None:
    secretary = people.actor(_SECRETARY)
    asked = _ask(people, moments, case, "Préparer un changement de métier avant la reprise.", (10, 17))
    with clock.acting_at(moments.at(-2, 10)):
        found = service.plan_consultation(secretary, requests=[asked], ends_day=moments.on(8), ends_time=time(18))
    _, ballot, _ = _question(found)
    with clock.acting_at(moments.at(-2, 15)):
        service.cast(people.actor("helene"), ballot, value=VoteValue.FOR)
    with clock.acting_at(moments.at(-1, 11)):
        seat = people.seats["CPAM, prestations"].public_id
        service.type_phone_vote(secretary, ballot, seat=seat, value=VoteValue.FOR)


def _ask(people: People, moments: Moments, case: Case, purpose: str, days: tuple[int, int]) -> str:
    author = people.actor("karim")
    start, end = moments.period(*days)
    with clock.acting_at(moments.at(-16, 10)):
        found = requests.create_request(
            author,
            case.public_id,
            dispositif=Dispositif.BILAN_COMPETENCES,
            author=RequestAuthor.INSURED,
            purpose=purpose,
            measure_start=start,
            measure_end=end,
            details={"funding.source": "FAF"},
        )
    record_pieces(people, moments, found, _PIECES)
    with clock.acting_at(moments.at(-15, 17)):
        requests.submit(author, found)
    return found


def _question(consultation: str) -> tuple[str, str, datetime]:
    """Return the item, the ballot and the deadline of a consultation on one question."""
    with db.reading() as session:
        row = session.execute(
            select(AgendaItem.public_id, Ballot.public_id, Meeting.ends_at)
            .join(Ballot, Ballot.item_id == AgendaItem.id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(Meeting.public_id == consultation)
        ).one()
    return row[0], row[1], row[2]
