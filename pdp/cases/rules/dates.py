"""Checks of dates that belong together; each refusal names both."""

from datetime import date

from pdp.core.errors import InvalidInput


def _digits(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def check_stoppage(starts_on: date, prescribed_end: date, ended_on: date | None, *, prefix: str = "") -> None:
    """Refuse a period of arrêt that ends before it starts. Raises `InvalidInput`."""
    errors: dict[str, list[str]] = {}
    if prescribed_end < starts_on:
        errors[f"{prefix}prescribed_end"] = [
            f"La fin prescrite ({_digits(prescribed_end)}) est avant le début ({_digits(starts_on)})."
        ]
    if ended_on is not None and ended_on < starts_on:
        errors[f"{prefix}ended_on"] = [
            f"La fin réelle ({_digits(ended_on)}) est avant le début ({_digits(starts_on)})."
        ]
    if errors:
        raise InvalidInput(errors)


def check_activity(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse an activity that ends before it starts. Raises `InvalidInput`."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise InvalidInput({"ends_on": [f"La fin ({_digits(ends_on)}) est avant le début ({_digits(starts_on)})."]})


def check_birth(birth_date: date, today: date) -> None:
    """Refuse a birth date to come, or more than 120 years ago. Raises `InvalidInput`."""
    if birth_date > today:
        raise InvalidInput({"birth_date": [f"Cette date ({_digits(birth_date)}) est à venir."]})
    if today.year - birth_date.year > 120:
        raise InvalidInput(
            {"birth_date": [f"Vérifiez l’année : le {_digits(birth_date)}, c’est il y a plus de 120 ans."]}
        )
