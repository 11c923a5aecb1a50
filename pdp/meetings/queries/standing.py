"""How the requests of an agenda stand, from the eligibility kept for each and the answers given since."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import joinedload

from pdp.core import db
from pdp.core.french import period
from pdp.dispositifs.catalogue import sheet
from pdp.meetings.models import Ballot
from pdp.meetings.rules.opinion import Grounds
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, HumanAnswer
from pdp.requests.queries import newest_snapshots
from pdp.requests.rules.findings import read_stored
from pdp.requests.rules.standing import Answer, Standing, stand


def standings(
    cellule_id: int, snapshots: Mapping[int, EligibilitySnapshot], until: datetime | None = None
) -> Mapping[int, Standing]:
    """Return the standing of each request, from its snapshot; one statement for all of them.

    Answers given after `until` do not count.
    """
    answers: dict[int, list[Answer]] = {key: [] for key in snapshots}
    rows = db.session().scalars(
        select(HumanAnswer)
        .options(joinedload(HumanAnswer.answered_by, innerjoin=True))
        .where(
            HumanAnswer.cellule_id == cellule_id,
            HumanAnswer.request_id.in_(list(snapshots)),
            HumanAnswer.answered_at <= until if until else true(),
        )
        .order_by(HumanAnswer.id)
    )
    for row in rows:
        answers[row.request_id].append(
            Answer(row.status_group, row.rule_id, row.accepted, row.is_override, row.reason, row.answered_by.full_name)
        )
    return {key: stand(read_stored(snapshot.results), answers[key]) for key, snapshot in snapshots.items()}


def grounds_of(standing: Standing | None) -> Grounds:
    """Return what the standing opposes to a favourable opinion; nothing when none was ever kept."""
    if standing is None:
        return Grounds()
    leading = standing.leading
    return Grounds(leading.by_law, leading.by_practice, leading.medical_refusals, leading.missing)


def standing_of(ballot: Ballot) -> Standing:
    """Return the standing of the request put to the vote, from the eligibility frozen at opening.

    What a member answers after the closing no longer counts.
    """
    snapshot = db.session().get_one(EligibilitySnapshot, ballot.snapshot_id)
    return standings(ballot.cellule_id, {snapshot.request_id: snapshot}, ballot.closed_at)[snapshot.request_id]


def current_standing(request: DispositifRequest) -> Standing | None:
    """Return the standing of a request from its newest eligibility; None when none was ever kept."""
    snapshots = newest_snapshots(request.cellule_id, [request.id])
    return standings(request.cellule_id, snapshots).get(request.id)


def question_of(request: DispositifRequest) -> str:
    """Return the question put to the vote: the one written on the request, else that of its dispositif."""
    return request.question or sheet(request.dispositif).question_for(
        period(request.measure_start, request.measure_end)
    )
