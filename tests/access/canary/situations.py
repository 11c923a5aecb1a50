"""Cases in every situation that decides who reads them, and what each situation means, in words.

Nothing here comes from the policy: `agreed` is what a partner's agreement opens today, written by hand.
"""

from dataclasses import dataclass

from pdp.accounts.enums import PARTNER_KINDS, OrganisationKind
from pdp.cases.enums import Stage
from pdp.policy.labels import Label

EVERYTHING = frozenset(Label)
FEW = frozenset({Label.IDENTITY, Label.REQUEST})
WITHOUT_NAME = frozenset({Label.REQUEST, Label.EMPLOYMENT, Label.OPINION, Label.AGREEMENTS})
NOTHING: frozenset[Label] = frozenset()
_BASE = EVERYTHING - {Label.MEDICAL, Label.SOCIAL, Label.NIR, Label.ALLOWANCE, Label.AGGREGATE}
_TWO = (OrganisationKind.CAP_EMPLOI, OrganisationKind.SPST)


@dataclass(frozen=True)
class Situation:
    """One case. `signed` is written in the agreement, `agreed` is what of it holds today; days from today."""

    stage: Stage = Stage.OPEN
    referent: str = "service_social"
    kinds: tuple[OrganisationKind, ...] = ()
    signed: frozenset[Label] = NOTHING
    agreed: frozenset[Label] = NOTHING
    starts: int = -20
    ends: int | None = None
    withdrawn: int | None = None
    abroad: bool = False
    # A restricted case: `readers` open it, its referent among them; a partner stands for its organisation.
    restricted: bool = False
    readers: tuple[str, ...] = ()
    # Who declared a conflict of interest: one person, not their organisation.
    recused: tuple[str, ...] = ()


# The cases that this world adds to each cellule.
ADDED: dict[str, Situation] = {
    "mine": Situation(),
    "theirs": Situation(referent="service_social_2"),
    "all": Situation(kinds=PARTNER_KINDS, signed=EVERYTHING, agreed=EVERYTHING),
    "few": Situation(kinds=PARTNER_KINDS, signed=FEW, agreed=FEW),
    "nameless": Situation(
        kinds=PARTNER_KINDS, signed=WITHOUT_NAME, agreed=WITHOUT_NAME, recused=("manager", "spst_2")
    ),
    "over": Situation(kinds=PARTNER_KINDS, signed=EVERYTHING, ends=-1),
    "recalled": Situation(kinds=PARTNER_KINDS, signed=EVERYTHING, withdrawn=0),
    "later": Situation(kinds=PARTNER_KINDS, signed=EVERYTHING, starts=1),
    "abroad": Situation(kinds=PARTNER_KINDS, signed=EVERYTHING, abroad=True),
    "sorting": Situation(Stage.TRIAGE, kinds=PARTNER_KINDS, signed=EVERYTHING, agreed=EVERYTHING),
    "ended": Situation(Stage.CLOSED, kinds=PARTNER_KINDS, signed=EVERYTHING),
    "discreet": Situation(
        kinds=PARTNER_KINDS, signed=EVERYTHING, restricted=True, readers=("service_social", "service_medical")
    ),
    "named": Situation(
        kinds=PARTNER_KINDS,
        signed=EVERYTHING,
        agreed=EVERYTHING,
        restricted=True,
        readers=("service_social_2", "cap_emploi"),
        referent="service_social_2",
    ),
}
# Those of the base world (`tests/support/world.py`), read by hand.
BASE: dict[str, Situation] = {
    "alone": Situation(),
    "shared": Situation(kinds=_TWO, signed=_BASE, agreed=_BASE),
    "expired": Situation(kinds=_TWO, signed=_BASE),
    "withdrawn": Situation(kinds=_TWO, signed=_BASE),
    "future": Situation(kinds=_TWO, signed=_BASE),
    "partial": Situation(kinds=_TWO, signed=frozenset({Label.REQUEST}), agreed=frozenset({Label.REQUEST})),
    "triage": Situation(Stage.TRIAGE),
    "closed": Situation(Stage.CLOSED, kinds=_TWO, signed=_BASE),
}
SITUATIONS = ADDED | BASE
