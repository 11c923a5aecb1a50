"""A person of the demo who lost their telephone this morning: one of two persons has recognised them."""

from datetime import timedelta

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.demo.people import People
from pdp.factors.enums import Recognition, RecoveryState
from pdp.factors.models import FactorRecovery
from pdp.factors.service import recovery as recoveries
from pdp.factors.service import vouching
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service.notifying import notify
from pdp.policy.vouching import RecoveryWay

# What the person would say on the telephone: the page says it in demo mode.
NUMBER = "483201"
_ASKED, _VOUCHED = timedelta(hours=2), timedelta(minutes=50)


def lose_a_telephone(people: People) -> None:
    """Let Julien of the CPAM ask for a recovery, and the administrator vouch; the coordinator is awaited."""
    asking = people.actor("julien")
    with clock.acting_at(clock.now() - _ASKED), db.transaction(asking) as session:
        recovery = FactorRecovery(
            cellule_id=asking.cellule_id,
            organisation_id=asking.organisation_id,
            user_id=asking.user_id,
            membership_id=asking.membership_id,
            way=RecoveryWay.CORE,
            number=NUMBER,
            asked_in_id=0,
            wrong_numbers=0,
            state=RecoveryState.WAITING,
            asked_at=clock.now(),
            expires_at=clock.now() + recoveries.LASTS,
        )
        session.add(recovery)
        session.flush()
        audit.record(asking, "recovery.ask", subject=recovery, way=recovery.way)
        notify([asking.user_id], NoticeKind.RECOVERY_ASKED, cellule_id=asking.cellule_id, link=recoveries.OWN_PAGE)
        close = [people.actor(key).user_id for key in ("claire", "helene", "lucie")]
        link = f"{recoveries.LIST}/{recovery.public_id}"
        notify(close, NoticeKind.RECOVERY_TO_VOUCH, cellule_id=asking.cellule_id, link=link)
    with clock.acting_at(clock.now() - _VOUCHED):
        vouching.vouch(people.actor("lucie"), recovery.public_id, number=NUMBER, how=Recognition.CALLED_BACK)
