"""Who may hold a seat, from when to when. Pure: a mandate named today never changes the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdp.accounts.enums import HolderRank

Errors = dict[str, list[str]]

_PAST = "Le passé ne change pas : choisissez aujourd’hui ou un jour à venir."
_BACKWARDS = "La fin doit venir après le début."


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included; without an end it goes on."""

    starts_on: date
    ends_on: date | None = None

    def meets(self, other: "Period") -> bool:
        """Tell whether the two periods share a day."""
        return (self.ends_on is None or other.starts_on <= self.ends_on) and (
            other.ends_on is None or self.starts_on <= other.ends_on
        )

    def covers(self, other: "Period") -> bool:
        """Tell whether the other period lies inside this one."""
        if other.starts_on < self.starts_on:
            return False
        return self.ends_on is None or (other.ends_on is not None and other.ends_on <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Mandate:
    """A person in a seat. `person` is the account: one person may have several memberships."""

    seat: int
    person: int
    rank: HolderRank
    period: Period


def check_new_mandate(
    wanted: Mandate,
    *,
    seat: Period,
    membership: Period,
    of_the_seat: Sequence[Mandate],
    of_the_person: Sequence[Mandate],
    today: date,
) -> Errors:
    """Return why a person may not be named, by field of the form; empty when they may."""
    errors: Errors = {}
    period = wanted.period
    if period.starts_on < today:
        errors["starts_on"] = [_PAST]
    elif not Period(seat.starts_on, seat.ends_on).meets(Period(period.starts_on, period.starts_on)):
        errors["starts_on"] = ["Le siège n’existe pas ce jour-là."]
    elif not membership.meets(Period(period.starts_on, period.starts_on)):
        errors["starts_on"] = ["L’accès de cette personne à la cellule ne couvre pas ce jour."]
    if period.ends_on is not None and period.ends_on < period.starts_on:
        errors["ends_on"] = [_BACKWARDS]
    if errors:
        return errors
    titulaire = wanted.rank is HolderRank.TITULAIRE
    if any(other.person == wanted.person and other.period.meets(period) for other in of_the_seat):
        errors["membership"] = ["Cette personne a déjà un mandat dans ce siège sur cette période."]
    elif titulaire and any(
        other.rank is HolderRank.TITULAIRE and other.period.meets(period) for other in of_the_person
    ):
        errors["membership"] = ["Cette personne est déjà titulaire d’un autre siège sur cette période."]
    elif titulaire and any(other.rank is HolderRank.TITULAIRE and other.period.meets(period) for other in of_the_seat):
        errors["rank"] = ["Ce siège a déjà un titulaire sur cette période : cochez « Remplace le titulaire actuel »."]
    return errors


def check_end(period: Period, ends_on: date, today: date) -> Errors:
    """Return why a mandate, or a seat, may not end on this day; it holds to the end of it."""
    if period.ends_on is not None and period.ends_on < today:
        return {"ends_on": ["Il est déjà terminé : le passé ne change pas."]}
    if ends_on < today:
        return {"ends_on": [_PAST]}
    if ends_on < period.starts_on:
        return {"ends_on": ["Il n’a pas encore commencé ce jour-là."]}
    return {}


def check_seat(period: Period, today: date) -> Errors:
    """Return why a seat may not begin on this day."""
    return {"starts_on": [_PAST]} if period.starts_on < today else {}
