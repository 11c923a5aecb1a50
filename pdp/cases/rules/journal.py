"""The sentence that tells an entry of the journal. Features above a case are told by their family."""

from collections.abc import Mapping
from typing import Any

from pdp.cases.enums import CaseMove
from pdp.cases.rules.blocks import BLOCKS
from pdp.policy.labels import LABEL_NAMES, Label

_PARTS = {
    "summary": "Synthèse consultée",
    "requests": "Demandes consultées",
    "sharing": "Accords de partage consultés",
    "sharing.new": "Formulaire d’accord de partage ouvert",
    "support": "Accompagnement consulté",
    "outcomes": "Suivi consulté",
    "journal": "Journal consulté",
}
_MOVES = {
    CaseMove.TAKE_CHARGE: "Dossier pris en charge",
    CaseMove.REORIENT: "Dossier réorienté",
    CaseMove.CLOSE: "Dossier clos",
    CaseMove.REOPEN: "Dossier rouvert",
}
_ACTIONS = {
    "case.open": "Dossier ouvert",
    "case.referent": "Référent désigné",
    "sharing.record": "Accord de partage enregistré",
    "sharing.withdraw": "Accord de partage retiré",
}
_ROWS = {"activite": "activité", "arret": "arrêt", "rencontre": "rencontre"}
_ROW_ACTIONS = {"case.edit.add": "Ajout", "case.edit.row": "Modification", "case.edit.remove": "Retrait"}
_FAMILIES = {
    "request": "Demande de dispositif",
    "piece": "Accord ou pièce",
    "meeting": "Séance",
    "agenda": "Ordre du jour",
    "ballot": "Scrutin",
    "vote": "Scrutin",
    "opinion": "Avis de la cellule",
    "decision": "Décision de la caisse",
    "action": "Action à mener",
    "minutes": "Procès-verbal",
    "document": "Document",
    "outcome": "Suivi",
}


def sentence(action: str, detail: Mapping[str, Any]) -> str:
    """Return what happened, in a few French words, from the code and the codes beside it."""
    if action == "case.read":
        return _reading(str(detail.get("part", "")))
    if action == "case.move":
        return _MOVES[CaseMove(detail["move"])]
    if action == "case.note":
        return f"Note ajoutée : {LABEL_NAMES[Label(detail['label'])]}"
    if action == "case.edit":
        return f"Modification : {BLOCKS[detail['block']].thing}"
    if action in _ROW_ACTIONS:
        return f"{_ROW_ACTIONS[action]} : {_ROWS[detail['block']]}"
    return _ACTIONS.get(action) or _FAMILIES.get(action.split(".")[0], "Autre action")


def _reading(part: str) -> str:
    if part.startswith("edit."):
        key = part.removeprefix("edit.")
        thing = BLOCKS[key].thing if key in BLOCKS else _ROWS.get(key, key)
        return f"Formulaire ouvert : {thing}"
    return _PARTS.get(part, "Dossier consulté")
