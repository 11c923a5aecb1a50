"""A review of accesses of the base world, written as rows: not through the service under test."""

from datetime import timedelta

from sqlalchemy import select

from pdp.accounts.models import Membership
from pdp.core import clock, db
from pdp.members.models import AccessReview, AccessReviewLine
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add a review of Cap emploi that waits for one person. Inside a session of the caller."""
    add_review(world, key, "cap_emploi", "cap_emploi")


def add_review(world: World, key: str, kind: str, *people: str, due_in: int = 30) -> dict[str, str]:
    """Add a review of an organisation with a line per person; return the lines' public ids by person."""
    found = {}
    review = AccessReview(
        cellule_id=world.cellule[key],
        organisation_id=world.organisation[f"{key}.{kind}"],
        period="2026-S2",
        opened_at=clock.now(),
        due_on=clock.today() + timedelta(days=due_in),
    )
    db.session().add(review)
    db.session().flush()
    for person in people:
        wanted = select(Membership.id).where(Membership.public_id == world.membership[f"{key}.{person}"])
        line = AccessReviewLine(
            cellule_id=review.cellule_id,
            organisation_id=review.organisation_id,
            review_id=review.id,
            membership_id=db.session().scalars(wanted).one(),
        )
        db.session().add(line)
        db.session().flush()
        found[person] = line.public_id
    return found
