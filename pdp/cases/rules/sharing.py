"""The sharing of a case as its tab shows it: agreements, what left, what is asked back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pdp.consent.enums import (
    AgreementForm,
    AgreementStatus,
    DepartureKind,
    PurposeCode,
    RecallState,
    WithdrawalMeans,
)
from pdp.policy.labels import Label

_STANDING = frozenset({AgreementStatus.IN_FORCE, AgreementStatus.FUTURE})


@dataclass(frozen=True, slots=True)
class SharingView:
    """A sharing agreement: all of them for the core, its own for a partner.

    How it was given, and how it was withdrawn, are for the core alone: empty for a partner.
    """

    public_id: str
    organisation: str
    organisation_id: str
    labels: tuple[Label, ...]
    purpose_code: PurposeCode
    purpose: str
    form: AgreementForm
    starts_on: date
    ends_on: date | None
    withdrawn_on: date | None
    status: AgreementStatus
    version: int
    notice: str = ""
    informed_on: date | None = None
    agreed_on: date | None = None
    place: str = ""
    witness: str = ""
    collected_by: str = ""
    withdrawal_means: WithdrawalMeans | None = None
    withdrawal_reason: str = ""

    @property
    def is_in_force(self) -> bool:
        """Tell whether the organisation reads today by this agreement."""
        return self.status is AgreementStatus.IN_FORCE

    @property
    def is_standing(self) -> bool:
        """Tell whether the agreement is in force or to come: the others are history."""
        return self.status in _STANDING

    @property
    def aim(self) -> str:
        """Return what the agreement is for: the words of the person, or those of the list."""
        if self.purpose_code is PurposeCode.OTHER:
            return self.purpose
        return f"{self.purpose_code.label}, {self.purpose}" if self.purpose else self.purpose_code.label


@dataclass(frozen=True, slots=True)
class DepartureView:
    """A file that left: what, which version, towards whom, by whom, when, under which labels."""

    what: DepartureKind
    version: str
    organisation: str
    person: str
    left_at: datetime
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class RecallLine:
    """What an organisation was asked to destroy, and what it answered."""

    organisation: str
    state: RecallState
    asked_at: datetime
    due_on: date
    is_late: bool
    answered_at: datetime | None
    answered_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Register:
    """What left the system of a case, what was asked back, and the piece that proves each agreement.

    For the core alone; `proofs` goes from the public id of an agreement to that of the piece.
    """

    departures: tuple[DepartureView, ...] = ()
    recalls: tuple[RecallLine, ...] = ()
    proofs: Mapping[str, str] = field(default_factory=dict)
