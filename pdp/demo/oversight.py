"""What the journal noticed in the demo: a partner's account that met refusal after refusal, one evening."""

from datetime import timedelta

from pdp.audit import service as audit
from pdp.core import clock
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.oversight.rules import REFUSALS
from pdp.policy.roles import Role


def notice_refusals(people: People, moments: Moments) -> None:
    """Let a person of Cap emploi be refused as many addresses as raise an alert, within a few minutes."""
    partner = next(key for key, membership in people.memberships.items() if membership.role is Role.CAP_EMPLOI)
    actor = people.actor(partner)
    for number in range(REFUSALS + 2):
        with clock.acting_at(moments.at(-2, 18, 40) + timedelta(seconds=20 * number)):
            audit.record_refusal(actor, "cases.show_case")
