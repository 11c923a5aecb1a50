"""Scheduled work of convocations."""

from pdp.convocations.service.warning import warn_all


def warn_quorum() -> None:
    """Warn of the séances whose quorum is not ensured, five and two working days before."""
    warn_all()
