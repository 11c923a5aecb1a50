"""The social-security number: checked with its key, Corsica included."""

import re
from itertools import pairwise

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import nir

from pdp.core.errors import InvalidInput

NIR_COLUMN = "insured_person.nir"


def canonical(typed: str) -> str:
    """Return the 15 signs of a number, key included. Raises `InvalidInput` on the field `nir`."""
    packed = re.sub(r"[\s.\-]", "", typed).upper()
    if len(packed) != 15:
        raise _refused(f"Ce numéro compte {len(packed)} caractères : il en faut 15, clé comprise. Vérifiez-le.")
    try:
        return str(nir.validate(packed))
    except InvalidChecksum:
        raise _refused(
            "La clé de ce numéro ne correspond pas : un chiffre est sans doute erroné. Vérifiez-le."
        ) from None
    except ValidationError:
        raise _refused(
            "Ce numéro ne peut pas exister. Écrivez 13 chiffres et la clé, avec 2A ou 2B pour la Corse."
        ) from None


def searchable(packed: str) -> str:
    """Return the number with its key, which people often leave out when they search."""
    return packed if len(packed) == 15 else f"{packed}{nir.calc_check_digits(packed)}"


def spaced(stored: str) -> str:
    """Write a number as the card does: « 1 85 05 78 006 084 36 »."""
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return "\u00a0".join(stored[a:b] for a, b in pairwise(cuts))


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput({"nir": [sentence]})
