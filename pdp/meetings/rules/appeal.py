"""The appeal routes proposed with a refusal; the person who records the decision may rewrite them."""

# A decision of the caisse: amicable board within two months; for a medical reason the medical board,
# whose silence for four months is a rejection (L. 142-4, R. 142-1 and R. 142-8 CSS).
OF_THE_CAISSE = """\
Vous pouvez contester cette décision dans les deux mois qui suivent sa notification.
Pour un motif administratif, écrivez à la commission de recours amiable (CRA) de votre caisse.
Pour un motif médical, écrivez à la commission médicale de recours amiable (CMRA). Si elle n’a pas \
répondu au bout de quatre mois, votre recours est rejeté.
Joignez à votre courrier une copie de la décision contestée."""


def proposed_routes(deciding_body: str) -> str:
    """Return the standard text for a decision of the caisse; nothing where another body decides."""
    return OF_THE_CAISSE if deciding_body == "CPAM" else ""
