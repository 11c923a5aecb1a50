"""Short situations to start from in the simulator."""

from dataclasses import dataclass
from datetime import date, timedelta

from pdp.core.calendar import period_end
from pdp.dispositifs.enums import PersonStatus
from pdp.dispositifs.rules.simulation import QUESTIONS, Described


@dataclass(frozen=True, slots=True)
class Profile:
    """A named situation; what it does not answer is left unknown, unless `complete`."""

    code: str
    label: str
    statuses: tuple[PersonStatus, ...]
    complete: bool = False

    def describe(self, today: date) -> Described:
        """Return the situation: an arrêt of three months, a measure of 14 working days that begins on a Monday."""
        monday = today + timedelta(days=14 - today.weekday())
        known = {"en_cours", "indemnise_salarie", "indemnise_ti", "temps_complet", "regime", "risque", "demande"}
        absent = {"invalidite", "retraite"}
        answers: dict[str, str] = {name: "yes" for name, *_ in QUESTIONS if self.complete or name in known}
        return Described(
            statuses=self.statuses,
            stoppage_start=today - timedelta(days=90),
            stoppage_end=today + timedelta(days=60),
            measure_start=monday,
            measure_end=period_end(monday, 14),
            answers=answers | dict.fromkeys(absent, "no"),
        )


PROFILES: tuple[Profile, ...] = (
    Profile("salarie", "Salarié en arrêt indemnisé", (PersonStatus.EMPLOYEE_CDI,)),
    Profile("ti", "TI en arrêt indemnisé", (PersonStatus.SE_TRADE,)),
    Profile("double", "Double statut", (PersonStatus.EMPLOYEE_CDI, PersonStatus.SE_TRADE)),
    Profile("complet", "Salarié, dossier complet", (PersonStatus.EMPLOYEE_CDI,), complete=True),
)


def find_profile(code: str) -> Profile | None:
    """Return a profile by its code."""
    return next((profile for profile in PROFILES if profile.code == code), None)
