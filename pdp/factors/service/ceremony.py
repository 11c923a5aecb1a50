"""WebAuthn: what is asked of a browser, and whether what it answers is right. No table, no clock.

A passkey must have verified its holder (finger, face, code of the device): it is then two factors by itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pdp.factors.models.passkeys import Passkey

_NAME = "Cellule PDP"
_TWO_MINUTES = 120_000
_LARGEST_ANSWER = 40_000


class AnswerRefused(Exception):
    """The answer of a browser is not right; `reason` is the code that the journal keeps."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys are bound to: the host, and the origin that every answer must name."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was read, before anything of it is believed."""

    handle: str
    user_handle: bytes | None
    challenge: bytes | None
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that a device made, once its making was verified."""

    handle: str
    public_key: bytes
    sign_count: int
    backed_up: bool
    transports: str


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a passkey, once it was verified."""

    sign_count: int
    backed_up: bool


def creation_options(
    site: Site, challenge: bytes, *, user_handle: str, email: str, name: str, held: Sequence[Passkey]
) -> str:
    """Return what the browser needs to make a passkey of a person, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=_NAME,
            user_id=user_handle.encode(),
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            timeout=_TWO_MINUTES,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[_descriptor(passkey) for passkey in held],
        )
    )


def request_options(site: Site, challenge: bytes, held: Sequence[Passkey] = ()) -> str:
    """Return what the browser needs to use a passkey, as JSON; without `held`, the person chooses among theirs."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge,
            timeout=_TWO_MINUTES,
            allow_credentials=[_descriptor(passkey) for passkey in held],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def read(text: str) -> Answer:
    """Read the answer of a browser. Raises `AnswerRefused` when it is none."""
    try:
        if len(text) > _LARGEST_ANSWER:
            raise ValueError("too long")
        content = json.loads(text)
        response = content["response"]
        handle = bytes_to_base64url(base64url_to_bytes(content["rawId"]))
        user_handle = response.get("userHandle")
        client = parse_client_data_json(base64url_to_bytes(response["clientDataJSON"]))
        if client.cross_origin:
            raise AnswerRefused("framed")
        return Answer(handle, base64url_to_bytes(user_handle) if user_handle else None, client.challenge, content)
    except AnswerRefused:
        raise
    except Exception as error:
        # Anyone may write it: whatever reading it raises, it is no answer.
        raise AnswerRefused("unreadable") from error


def verify_making(answer: Answer, challenge: bytes, site: Site) -> NewKey:
    """Return the passkey that a device made for us. Raises `AnswerRefused`."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer.content,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:
        raise AnswerRefused("invalid") from error
    return NewKey(
        handle=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        backed_up=made.credential_backed_up,
        transports=" ".join(_transports(answer.content["response"].get("transports"))),
    )


def verify_use(answer: Answer, challenge: bytes, site: Site, passkey: Passkey) -> Use:
    """Return what a use of a passkey says. Raises `AnswerRefused`; `copied` when its count went back."""
    try:
        used = webauthn.verify_authentication_response(
            credential=answer.content,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            # Ours to judge, once the signature is known to be right: a copy of the key is told apart.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        raise AnswerRefused("invalid") from error
    if (used.new_sign_count or passkey.sign_count) and used.new_sign_count <= passkey.sign_count:
        raise AnswerRefused("copied")
    return Use(used.new_sign_count, used.credential_backed_up)


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(word) for word in passkey.transports.split()]
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.handle), transports=transports or None)


def _transports(said: Any) -> list[str]:
    known = {transport.value for transport in AuthenticatorTransport}
    return sorted(known.intersection(word for word in said if isinstance(word, str))) if isinstance(said, list) else []
