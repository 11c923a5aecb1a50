"""Convocations to a séance: mails with a calendar file, answers, forecast of the quorum."""
