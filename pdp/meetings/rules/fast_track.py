"""What may be approved without a debate: an eligible request, complete, with nothing left to settle."""

from pdp.core.french import listing
from pdp.dispositifs.enums import Verdict
from pdp.meetings.rules.words import plural
from pdp.requests.rules.standing import Standing


def why_not(standing: Standing | None) -> str:
    """Say why a request may not be approved without a debate; empty when it may."""
    if standing is None:
        return "Son éligibilité n’a pas été évaluée."
    leading = standing.leading
    if leading.by_law or leading.medical_refusals or leading.by_practice or leading.overridden:
        return "Son éligibilité demande un débat."
    if leading.missing:
        return f"Il manque : {listing(leading.missing)}."
    if leading.questions:
        return f"Il reste {plural(len(leading.questions), 'point à vérifier', 'points à vérifier')}."
    if leading.verdict is not Verdict.ELIGIBLE:
        return "Un point de son éligibilité a été tranché par une personne : la cellule doit le connaître."
    return ""
