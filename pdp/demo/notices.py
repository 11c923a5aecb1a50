"""Rights of the insured in the demo: notices given but one, one information contested, one person frozen."""

from datetime import timedelta

from pdp.cases.models import Case
from pdp.core import clock
from pdp.core.french import NBSP
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.policy.labels import Label
from pdp.privacy.enums.notices import FreezeGround, NoticeMeans
from pdp.privacy.service import freezing, notices, rectification

# Who informed whom, with which version and how; Michel is still to be informed.
_GIVEN = (
    ("paul", "sophie", "2026-01", NoticeMeans.HANDED),
    ("catherine", "sophie", "2026-01", NoticeMeans.MSSANTE),
    ("valerie", "sophie", "2024-01", NoticeMeans.HANDED),
    ("lucas", "sophie", "2026-01", NoticeMeans.PHONE),
    ("romuald", "karim", "2026-01", NoticeMeans.POST),
    ("louise", "karim", "2026-01", NoticeMeans.HANDED),
    ("karine", "karim", "2026-01", NoticeMeans.HANDED),
    ("odile", "karim", "2026-01", NoticeMeans.POST),
)
_CONTESTED = (
    f"Je ne suis plus à temps plein depuis le printemps{NBSP}: mon contrat a changé, j’ai apporté l’avenant à "
    "l’accueil de la caisse."
)
_ASKED = (
    "Je conteste ce qui est écrit sur mon inaptitude. Tant que ce n’est pas vérifié, je ne veux pas que mon "
    "dossier circule."
)


def inform_people(people: People, moments: Moments, stories: dict[str, Case]) -> None:
    """Record the notices, then a contested information and a restriction."""
    for key, giver, version, means in _GIVEN:
        given_on = stories[key].opened_on + timedelta(days=2)
        with clock.acting_at(moments.at((given_on - moments.built_on).days, 11)):
            actor = people.actor(giver)
            notices.record_notice(
                actor, stories[key].public_id, notice=version, given_on=given_on, means=means, given_by=actor.name
            )
    with clock.acting_at(moments.at(-8, 15)):
        rectification.record_rectification(
            people.actor("karim"),
            stories["karine"].public_id,
            label=Label.EMPLOYMENT,
            field="Temps de travail",
            statement=_CONTESTED,
            asked_on=moments.on(-9),
        )
    with clock.acting_at(moments.at(-2, 10)):
        freezing.freeze(
            people.actor("karim"),
            stories["odile"].public_id,
            ground=FreezeGround.ACCURACY,
            detail=_ASKED,
            asked_on=moments.on(-3),
        )
