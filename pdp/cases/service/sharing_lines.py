"""From stored agreements, departures and recalls to the lines of the sharing tab."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pdp.cases.queries.facts import agreement_facts
from pdp.cases.rules.sharing import DepartureView, RecallLine, SharingView
from pdp.consent.enums import RecallState
from pdp.consent.models import Departure, Recall, SharingAgreement
from pdp.consent.rules import status_on
from pdp.policy.actor import Actor
from pdp.policy.labels import Label


def sharing_lines(actor: Actor, agreements: Sequence[SharingAgreement], today: date) -> tuple[SharingView, ...]:
    """Return every agreement for the core, its own for a partner, none for the others."""
    return tuple(
        _line(row, today, _proof(row) if actor.is_core else {})
        for row in agreements
        if actor.is_core or (actor.is_partner and row.organisation_id == actor.organisation_id)
    )


def departure_lines(departures: Sequence[Departure]) -> tuple[DepartureView, ...]:
    """Return what left, in the order given."""
    return tuple(
        DepartureView(
            what=row.what,
            version=row.object_version,
            organisation=row.organisation.short_name,
            person=row.user.full_name,
            left_at=row.left_at,
            labels=_ordered(row.labels),
        )
        for row in departures
    )


def recall_lines(recalls: Sequence[Recall], today: date) -> tuple[RecallLine, ...]:
    """Return what was asked back, in the order given."""
    return tuple(
        RecallLine(
            organisation=row.organisation.short_name,
            state=row.state,
            asked_at=row.asked_at,
            due_on=row.due_on,
            is_late=row.state is RecallState.ASKED and row.due_on < today,
            answered_at=row.answered_at,
            answered_by=row.answered_by.full_name if row.answered_by else "",
            reason=row.reason,
        )
        for row in recalls
    )


def _line(row: SharingAgreement, today: date, proof: dict[str, Any]) -> SharingView:
    return SharingView(
        public_id=row.public_id,
        organisation=row.organisation.short_name,
        organisation_id=row.organisation.public_id,
        labels=_ordered(row.labels),
        purpose_code=row.purpose_code,
        purpose=row.purpose,
        form=row.form,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        withdrawn_on=row.withdrawn_on,
        status=status_on(agreement_facts(row), today, row.end_kind),
        version=row.version,
        **proof,
    )


def _proof(row: SharingAgreement) -> dict[str, Any]:
    return {
        "notice": row.notice,
        "informed_on": row.informed_on,
        "agreed_on": row.agreed_on,
        "place": row.place,
        "witness": row.witness,
        "collected_by": row.collected_by,
        "withdrawal_means": row.withdrawal_means,
        "withdrawal_reason": row.withdrawal_reason,
    }


def _ordered(labels: frozenset[Label]) -> tuple[Label, ...]:
    return tuple(label for label in Label if label in labels)
