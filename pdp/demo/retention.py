"""Cases near their end in the demo: one announced, one hidden, one kept for a dispute, all closed long ago."""

from datetime import UTC, date, datetime, time, timedelta

from pdp.cases import service as cases
from pdp.cases.enums import CaseMove, SignalSource
from pdp.core import clock, db
from pdp.demo.people import People
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from pdp.retention import queries, rules
from pdp.retention.service import deciding, erasing

# Family name, given name, born, days until the end of the time (negative: it is over).
_OVER = (
    ("Lemoine", "Odile", date(1966, 4, 12), 41),
    ("Fabre", "Armand", date(1974, 9, 3), 55),
    ("Kerouac", "Maëlle", date(1981, 6, 21), -9),
    ("Tessier", "Bruno", date(1970, 1, 30), 18),
)


def end_some_cases(people: People) -> None:
    """Play four cases closed about two years ago, and what was decided of one of them."""
    key = next(key for key, membership in people.memberships.items() if membership.role is Role.SERVICE_SOCIAL)
    manager = next(key for key, membership in people.memberships.items() if membership.role is Role.MANAGER)
    actor = people.actor(key)
    opened = [_closed(actor, *line) for line in _OVER]
    deciding.place_hold(
        people.actor(manager), opened[3], dispute="Recours de la personne devant le pôle social, dossier 24/0187"
    )
    with db.reading(actor):
        kept = queries.rules_today(actor.cellule_id, clock.today())
        due = [
            row.id for row in queries.list_cases(actor.cellule_id, kept, clock.today()) if row.public_id == opened[2]
        ]
    for case_id in due:
        erasing.hide(actor.cellule_id, case_id, kept)


def _closed(actor: Actor, family_name: str, given_name: str, born: date, left: int) -> str:
    """Open a case seven months before its end, then close it so that its time is over in `left` days."""
    end = datetime.combine(rules.add_months(clock.today() + timedelta(days=left), -24), time(10), UTC)
    with clock.acting_at(end - timedelta(days=210)):
        case = cases.open_case(
            actor,
            family_name=family_name,
            given_name=given_name,
            birth_date=born,
            source=SignalSource.MEDICAL_ADVISER,
            signal_reason="Arrêt de plus de 90 jours",
            take_charge=True,
        )
    with clock.acting_at(end):
        version = cases.read_case(actor, case, part="summary").version
        cases.move_case(actor, case, CaseMove.CLOSE, version=version)
    return case
