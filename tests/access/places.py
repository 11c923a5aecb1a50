"""Where each parameter of a route leads in the base world. A route with a new name must add it here."""

from sqlalchemy import select

from pdp.accounts.models import User
from pdp.factors.models import TotpFactor
from tests.support.databases import as_owner
from tests.support.world import World

Values = dict[str, str]


def parameters(world: World) -> Values:
    """Return a value for every parameter name that a route may have."""
    return {
        "filename": "icons.svg",
        # The base world knows no provider and links no identity: `tests/federation` does.
        "provider": "inconnu",
        "identity_id": "inconnue",
        "case_id": world.case["a.shared"],
        "block": "boeth",
        "kind": "activite",
        "row_id": "inconnu",
        "move": "cloture",
        "access_id": "inconnu",
        "agreement_id": "inconnu",
        # The base world recalls nothing: `tests/consent` opens real ones.
        "recall_id": "inconnu",
        "request_id": world.request["a.shared"],
        # The base world asks for no opinion: `tests/advice` opens real ones.
        # The base world invites nobody: `tests/partners` opens real invitations.
        "invitation_id": "inconnue",
        "membership_id": world.membership["a.cap_emploi"],
        "factor_id": _factor(world),
        "token": "inconnu",
        "ask_id": "inconnue",
        "round_id": "inconnu",
        "piece_id": "inconnue",
        "group": "salarie",
        "rule_id": "COM-A-01",
        "meeting_id": world.meeting["a.open"],
        # The base world consults nobody in writing: `tests/consultations` opens real ones.
        "consultation_id": "inconnue",
        # The base world corrects nothing: `tests/meetings` proposes real ones.
        "correction_id": "inconnue",
        # The base world has no point without a case: `tests/meetings` opens real ones.
        "point_id": "inconnu",
        "item_id": world.item["a.shared"],
        "ballot_id": world.ballot["a.shared"],
        "action_id": world.action["a.shared"],
        "seat_id": world.seat["a.ss1"],
        # The base world has no composed minutes: `tests/minutes` opens real ones.
        "version_id": "aucune",
        # The base world has no letter: `tests/letters` opens real ones.
        "letter_id": "inconnue",
        "letter_kind": "avis-favorable",
        "text_code": "courrier-refus",
        "file_format": "pdf",
        "document_id": "inconnue",
        "notice_id": "inconnue",
        "notice_code": "2026-01",
        # The base world contests nothing: `tests/privacy` opens real ones.
        "rectification_id": "inconnue",
        # The base world lost no factor: `tests/factors` asks for recoveries.
        "recovery_id": "inconnue",
        "person_id": _person(world),
        # A person ends another of their own sign-ins: `tests/accounts` has one.
        "sign_in_id": "inconnue",
        # The base world raises no alert: `tests/oversight` opens real ones.
        "alert_id": "inconnue",
        # The base world has no request of an insured person: `tests/privacy` opens real ones.
        "rights_id": "inconnue",
        "part_id": "inconnue",
        "act": "reponse",
        "field_key": "inconnu",
        # The base world has neither a second record of a person nor a merge: `tests/merging` opens real ones.
        "other_id": world.case["a.alone"],
        "merge_id": "inconnue",
        # The base world holds no case and stops no run: `tests/retention` does.
        "hold_id": "inconnue",
        "run_id": "inconnu",
    }


def _factor(world: World) -> str:
    with as_owner() as session:
        owner = TotpFactor.user_id == world.user["a.coordinateur"]
        return session.scalars(select(TotpFactor.public_id).where(owner)).one()


def _person(world: World) -> str:
    with as_owner() as session:
        return session.get_one(User, world.user["a.cap_emploi"]).public_id
