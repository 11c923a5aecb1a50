"""Accesses in the demo: most people signed in lately, one has not for months, and this half-year's review is open."""

from datetime import timedelta

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.members import service as members

_ASLEEP = "marc"
# Days since the last sign-in, taken in turn.
_LATELY = (0, 1, 1, 3, 6)


def open_reviews(people: People, moments: Moments) -> None:
    """Say when each account was last used, warn the holder of the one that sleeps, open the reviews."""
    with db.transaction() as session:
        for rank, (key, user) in enumerate(people.users.items()):
            days = 97 if key == _ASLEEP else _LATELY[rank % len(_LATELY)]
            session.merge(user).last_signed_in_at = moments.at(-days, 9, 12)
        audit.record(None, "demo.people", count=len(people.users))
    with clock.acting_at(moments.at(0, 6, 10) - timedelta(days=6)):
        members.close_dormant()
        members.open_reviews()
