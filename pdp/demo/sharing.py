"""One sharing of the demo comes to its end: files were taken out, the person withdraws, they are asked back."""

from datetime import timedelta

from pdp.cases import service as cases
from pdp.cases.models import Case
from pdp.consent.enums import WithdrawalMeans
from pdp.core import clock
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.meetings import service as meetings
from pdp.minutes import service as minutes

_CASE, _PARTNER, _ORGANISATION = "odile", "emilie", "cap_emploi"


def end_a_sharing(people: People, moments: Moments, stories: dict[str, Case]) -> None:
    """Let Cap emploi download its minutes of the past séance, then end its sharing of one case."""
    partner = people.actor(_PARTNER)
    with clock.acting_at(moments.past_meeting() + timedelta(days=6)):
        held = meetings.list_meetings(partner, past=True).rows[0].meeting
        version = minutes.read_minutes(partner, held).versions[0].public_id
        minutes.download(partner, held, version, "pdf")
    with clock.acting_at(moments.at(-3, 11)):
        referent, case = people.actor("sophie"), stories[_CASE].public_id
        lines = cases.read_case(referent, case, part="sharing").sharing
        wanted = people.organisations[_ORGANISATION].public_id
        agreement = next(line for line in lines if line.organisation_id == wanted)
        cases.withdraw_agreement(
            referent,
            case,
            agreement.public_id,
            version=agreement.version,
            withdrawn_on=moments.on(-3),
            means=WithdrawalMeans.WRITTEN,
        )
