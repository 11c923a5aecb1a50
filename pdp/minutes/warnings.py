"""What the secretary should know before the minutes are composed: they are not composed twice. Pure."""

from pdp.core import french
from pdp.minutes.enums import OpinionCode
from pdp.minutes.facts import ItemFacts, MeetingFacts

_FAVOURABLE = (OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS)


def warnings(facts: MeetingFacts) -> tuple[str, ...]:
    """Return what is missing, in sentences, the most useful first; empty when nothing is."""
    found = [
        _points(
            [item for item in facts.items if item.opinion is None],
            "n’a pas d’avis : il sera dit non examiné",
            "n’ont pas d’avis : ils seront dits non examinés",
        ),
        _points(
            [item for item in facts.items if item.opinion and item.opinion.code in _FAVOURABLE and not item.decision],
            "a un avis favorable dont la décision n’est pas encore enregistrée : elle n’y figurera pas",
            "ont un avis favorable dont la décision n’est pas encore enregistrée : elle n’y figurera pas",
        ),
        "" if facts.president else "La présidence de la séance n’est pas désignée : sa signature restera sans nom.",
        "" if facts.items else "Aucun dossier n’était à l’ordre du jour.",
    ]
    return tuple(sentence for sentence in found if sentence)


def _points(items: list[ItemFacts], one: str, many: str) -> str:
    numbers = french.listing([str(item.position) for item in items])
    if not items:
        return ""
    return f"Le point {numbers} {one}." if len(items) == 1 else f"Les points {numbers} {many}."
