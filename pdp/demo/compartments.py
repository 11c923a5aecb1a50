"""One case of the demo is restricted to named readers, and was read in an emergency."""

from datetime import timedelta

from pdp.accounts import service as accounts
from pdp.accounts.rules import SessionLimits
from pdp.cases import service as cases
from pdp.cases.enums import RestrictionReason
from pdp.cases.models import Case
from pdp.cases.service import emergency
from pdp.core import clock
from pdp.demo.moments import Moments
from pdp.demo.people import People

_CASE, _REFERENT, _READERS, _HURRIED = "romuald", "karim", ("helene", "isabelle"), "martine"
_LIMITS = SessionLimits(timedelta(minutes=30), timedelta(hours=10))
_REASON = (
    "Une sortie d’hospitalisation est annoncée pour ce soir et le référent est absent\u00a0: "
    "je dois savoir si une aide à domicile a déjà été demandée."
)


def restrict_a_case(people: People, moments: Moments, stories: dict[str, Case]) -> None:
    """Restrict the case of a known person, then let another member read it in an emergency."""
    case = stories[_CASE].public_id
    with clock.acting_at(moments.at(-6, 9)):
        referent = people.actor(_REFERENT)
        view = cases.read_case(referent, case, part="summary")
        cases.restrict_case(
            referent,
            case,
            reason=RestrictionReason.KNOWN_PERSON,
            people=[people.memberships[key].public_id for key in _READERS],
            version=view.version,
        )
    with clock.acting_at(moments.at(-1, 17)):
        token = accounts.sign_in_as(people.memberships[_HURRIED].public_id, _LIMITS)
        actor = people.actor(_HURRIED)
        emergency.open_emergency(
            actor, token, cellule=people.cellule.public_id, reference=view.reference, reason=_REASON
        )
        found = accounts.resume(token, _LIMITS)
        if found is not None:
            cases.read_case(found.actor, case, part="summary")
        accounts.sign_out(token)
