"""Opinions asked of partners: one round half answered, one question that waits past its day."""

from pdp.advice import service
from pdp.advice.enums import AdviceValue
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People

_COORDINATOR, _PHYSICIAN = "claire", "laurent"


def ask_partners(people: People, moments: Moments, requests: dict[str, str]) -> None:
    """Ask the SPST and Cap emploi about one request, Cap emploi alone about another; the SPST answers."""
    _ask(
        people,
        moments,
        requests["paul_bilan"],
        -12,
        -2,
        "Un bilan de compétences est-il utile avant la recherche d’un nouveau métier, ou fait-il double emploi avec "
        "votre accompagnement\u00a0?",
        "cap_emploi",
    )
    _ask(
        people,
        moments,
        requests["paul_inclupro"],
        -4,
        8,
        "Le projet de reconversion envisagé évite-t-il le port de charge et la station debout prolongée\u00a0? "
        "Quelles conditions faut-il prévoir\u00a0?",
        "spst",
        "cap_emploi",
    )
    _answer(people, moments)


def _ask(
    people: People, moments: Moments, request: str, asked: int, due: int, question: str, *organisations: str
) -> None:
    with clock.acting_at(moments.at(asked, 9)):
        service.ask(
            people.actor(_COORDINATOR),
            request,
            question=question,
            organisations=[people.organisations[key].public_id for key in organisations],
            due_on=moments.on(due),
        )


def _answer(people: People, moments: Moments) -> None:
    with clock.acting_at(moments.at(-2, 16)):
        physician = people.actor(_PHYSICIAN)
        with db.reading(physician):
            expected = service.list_expected(physician)[0].public_id
        _, _, line = service.read_ask(physician, expected)
        service.reply(
            physician,
            expected,
            version=line.version,
            value=AdviceValue.RESERVED,
            text="Favorable à un poste assis ou alterné, sans manutention au-delà de cinq kilogrammes. "
            "Une visite de préreprise est à prévoir avant l’entrée en formation.",
        )
