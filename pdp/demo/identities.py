"""An identity of the demo: one person linked hers, at a provider that the demo does not run."""

from pdp.audit import service as audit
from pdp.core import db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.federation.models import LinkedIdentity

_LINKED = "claire"


def link_an_identity(people: People, moments: Moments) -> None:
    """Store the link, with the day it last served."""
    with db.transaction(people.actor(_LINKED)):
        row = LinkedIdentity(
            user_id=people.users[_LINKED].id,
            provider="proconnect",
            issuer="https://fournisseur.example.org",
            subject="demonstration-claire",
            shown_as=people.users[_LINKED].email,
            linked_at=moments.at(-41, 10, 20),
            last_used_at=moments.at(-2, 8, 55),
        )
        db.session().add(row)
        audit.record(people.actor(_LINKED), "federation.link", subject=row, provider=row.provider)
