"""A link asked for to choose a new password, and its mail, for a person of the base world."""

from datetime import timedelta

from pdp.accounts.models import PasswordReset
from pdp.core import clock, db
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import LinkMail
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Add a row of each table for the person `<key>.cap_emploi`, in the session of the caller."""
    now = clock.now()
    reset = PasswordReset(
        user_id=world.user[f"{key}.cap_emploi"],
        account_key=f"account of {key}",
        source_key=f"source of {key}",
        token_hash=f"hash of {key}",
        created_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    db.session().add(reset)
    db.session().flush()
    db.session().add(
        LinkMail(kind=NoticeKind.PASSWORD_RESET, target_id=reset.public_id, created_at=now, next_try_at=now)
    )
    db.session().flush()
