"""What an adjourned item waits for, in sentences that the minutes may print. Pure."""

from collections.abc import Sequence


def awaited(missing: Sequence[str], questions: Sequence[str]) -> str:
    """Return a line for each piece missing, one for each question without an answer; empty when nothing lacks.

    `missing` are noun phrases (« l’accord du médecin-conseil »), `questions` the points to check.
    """
    pieces = [f"Il manque {piece}." for piece in missing]
    return "\n".join([*pieces, *(f"Reste à trancher\u00a0: {question}" for question in questions)])
