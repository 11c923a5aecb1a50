"""A trip to a provider and back: what the browser carries meanwhile, in its signed cookie."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from pdp.federation.enums import Purpose, Reason
from pdp.federation.rules import TRIP_LASTS, Refused


@dataclass(frozen=True, slots=True)
class Trip:
    """Where the browser was sent, why, and what its answer must match; `sign_in` names the sign-in that links."""

    provider: str
    purpose: Purpose
    state: str
    nonce: str
    verifier: str
    begun: float
    sign_in: str = ""

    @classmethod
    def begin(cls, provider: str, purpose: Purpose, now: datetime, sign_in: str = "") -> Self:
        """Draw what an answer must match: 43 characters each, and ProConnect wants 32."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(provider, purpose, state, nonce, verifier, now.timestamp(), sign_in)

    @classmethod
    def read(cls, stored: object) -> Self | None:
        """Return the trip that a cookie carries, if it carries one."""
        if not isinstance(stored, Mapping):
            return None
        values: dict[str, Any] = dict(stored)
        return cls(**values | {"purpose": Purpose(values["purpose"])})

    def write(self) -> dict[str, Any]:
        """Return what the cookie carries."""
        return asdict(self) | {"purpose": self.purpose.value}

    @property
    def state_hash(self) -> str:
        """Return the stored form of the state, used once."""
        return hashlib.sha256(self.state.encode()).hexdigest()

    def check(self, provider: str, state: str, now: datetime) -> None:
        """Refuse an answer that is not the one of this trip. Raises `Refused`."""
        if not hmac.compare_digest(state.encode(), self.state.encode()):
            raise Refused(Reason.STATE)
        if provider != self.provider:
            raise Refused(Reason.OTHER_PROVIDER)
        if not 0 <= now.timestamp() - self.begun <= TRIP_LASTS.total_seconds():
            raise Refused(Reason.TOO_LATE)
