"""What insured persons of the demo asked on their data: one late, one being prepared, one handed over, one unknown."""

from pdp.cases.models import Case
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.policy.actor import Actor
from pdp.privacy.enums.pack import Part
from pdp.privacy.enums.register import AnswerMeans, Channel, IdentityProof, RefusalReason, RightKind
from pdp.privacy.queries.pack import find_pack, list_parts
from pdp.privacy.queries.register import get_request
from pdp.privacy.service import pack, register, sealing


def ask_for_rights(people: People, moments: Moments, stories: dict[str, Case]) -> None:
    """Play the four requests on the days when they came."""
    _hand_over(people, moments, stories["valerie"].public_id)
    _let_it_be_late(people, moments, stories["karine"].public_id)
    _prepare(people, moments, stories["paul"].public_id)
    _refuse(people, moments)


def _hand_over(people: People, moments: Moments, case_id: str) -> None:
    with clock.acting_at(moments.at(-30, 10)):
        sophie = people.actor("sophie")
        asked = _record(sophie, case_id, moments, -31, RightKind.ACCESS, Channel.MAIL)
        pack.prepare(sophie, asked, version=1)
    with clock.acting_at(moments.at(-12, 11)):
        _release(people, asked)
        sophie = people.actor("sophie")
        sealing.seal(sophie, asked, version=_version(sophie, asked))
    with clock.acting_at(moments.at(-8, 15)):
        bruno = people.actor("bruno")
        sealing.fetch(bruno, asked)
        register.answer(
            bruno,
            asked,
            version=_version(bruno, asked),
            answered_on=moments.on(-8),
            means=AnswerMeans.REGISTERED_MAIL,
        )


def _let_it_be_late(people: People, moments: Moments, case_id: str) -> None:
    with clock.acting_at(moments.at(-38, 16)):
        _record(people.actor("karim"), case_id, moments, -39, RightKind.RECTIFICATION, Channel.INTERVIEW)


def _prepare(people: People, moments: Moments, case_id: str) -> None:
    with clock.acting_at(moments.at(-9, 9)):
        sophie = people.actor("sophie")
        asked = _record(sophie, case_id, moments, -10, RightKind.ACCESS, Channel.EMAIL)
        pack.prepare(sophie, asked, version=1)


def _refuse(people: People, moments: Moments) -> None:
    with clock.acting_at(moments.at(-20, 14)):
        bruno = people.actor("bruno")
        asked = _record(bruno, None, moments, -21, RightKind.ERASURE, Channel.DPO)
        register.refuse(
            bruno,
            asked,
            version=1,
            refused_on=moments.on(-20),
            reason=RefusalReason.NO_DATA,
            remedies_told=True,
        )


def _record(
    actor: Actor, case_id: str | None, moments: Moments, received: int, kind: RightKind, channel: Channel
) -> str:
    return register.record_request(
        actor,
        case_id,
        kind=kind,
        channel=channel,
        received_on=moments.on(received),
        identity_proof=IdentityProof.KNOWN,
    )


def _release(people: People, asked: str) -> None:
    """Release each part by the person whose zone it is."""
    sophie = people.actor("sophie")
    with db.reading(sophie):
        found = find_pack(get_request(sophie, asked))
        parts = [(part.public_id, part.part, part.version) for part in list_parts(found)] if found else []
    for part_id, part, version in parts:
        pack.release(people.actor("antoine" if part is Part.MEDICAL else "sophie"), part_id, version=version)


def _version(actor: Actor, asked: str) -> int:
    with db.reading(actor):
        return get_request(actor, asked).version
