"""Passkeys and a request for recovery of the base world, written as rows: not through the service under test."""

import hashlib
from datetime import timedelta

from pdp.accounts.models import Membership, User
from pdp.core import clock, db
from pdp.factors.enums import ChallengePurpose, Recognition, RecoveryState
from pdp.factors.models import FactorRecovery, FactorVouching, Passkey, PasskeyChallenge
from pdp.policy.roles import Role
from pdp.policy.vouching import RecoveryWay
from tests.factors.authenticator import Device, b64
from tests.support.databases import as_owner
from tests.support.world import World

NUMBER = "483201"


def add(world: World, key: str) -> None:
    """Add a passkey of the CPAM's person, a challenge, and a recovery that one person vouched for."""
    now = clock.now()
    db.session().add_all(
        (
            Passkey(
                user_id=world.user[f"{key}.cpam"],
                handle=f"cle-{key}",
                public_key=key.encode() * 40,
                sign_count=4,
                name="Ordinateur du bureau",
                transports="internal",
                backed_up=False,
                created_at=now,
            ),
            PasskeyChallenge(
                challenge_hash=hashlib.sha256(f"challenge {key}".encode()).hexdigest(),
                holder_hash=hashlib.sha256(f"holder {key}".encode()).hexdigest(),
                purpose=ChallengePurpose.PROVE,
                expires_at=now + timedelta(minutes=5),
            ),
        )
    )
    recovery = add_recovery(world, f"{key}.cpam")
    coordinator = membership(world, f"{key}.coordinateur")
    db.session().add(
        FactorVouching(
            cellule_id=recovery.cellule_id,
            organisation_id=recovery.organisation_id,
            recovery_id=recovery.id,
            user_id=recovery.user_id,
            voucher_id=coordinator.user_id,
            voucher_role=Role.COORDINATEUR,
            voucher_organisation_id=coordinator.organisation_id,
            voucher_manages=False,
            how=Recognition.CALLED_BACK,
            vouched_at=now,
        )
    )
    db.session().flush()


def give_passkey(world: World, name: str, *, count: int = 0) -> Device:
    """Register a passkey to a person of the world and return the device that holds it."""
    device = Device(count=count)
    with as_owner() as session:
        user = session.get_one(User, world.user[name])
        device.user_handle = user.public_id.encode()
        session.add(
            Passkey(
                user_id=user.id,
                handle=b64(device.credential_id),
                public_key=device.public_key(),
                sign_count=max(count, 0),
                name="Clé d’essai",
                transports="internal",
                backed_up=False,
                created_at=clock.now(),
            )
        )
    return device


def add_recovery(world: World, name: str, way: RecoveryWay = RecoveryWay.CORE) -> FactorRecovery:
    """Add a request for recovery of a person of the world, that nobody vouched for."""
    asking, now = membership(world, name), clock.now()
    recovery = FactorRecovery(
        cellule_id=asking.cellule_id,
        organisation_id=asking.organisation_id,
        user_id=asking.user_id,
        membership_id=asking.id,
        way=way,
        number=NUMBER,
        asked_in_id=0,
        wrong_numbers=0,
        state=RecoveryState.WAITING,
        asked_at=now,
        expires_at=now + timedelta(hours=24),
    )
    db.session().add(recovery)
    db.session().flush()
    return recovery


def membership(world: World, name: str) -> Membership:
    """Return the membership of a person of the world."""
    return db.session().query(Membership).filter_by(public_id=world.membership[name]).one()
