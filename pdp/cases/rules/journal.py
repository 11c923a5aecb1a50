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
    "documents": "Liste des pièces consultée",
    "documents.new": "Formulaire d’ajout de pièce ouvert",
    "outcomes": "Suivi consulté",
    "journal": "Journal consulté",
    "export": "Ligne extraite dans une liste de dossiers",
    "restriction": "Accès restreint consulté",
    "notice.new": "Formulaire de remise de notice ouvert",
    "rectification.new": "Formulaire de contestation ouvert",
    "rectification.decide": "Contestation consultée",
    "freeze.new": "Formulaire de limitation ouvert",
    "freeze.lift": "Levée de la limitation consultée",
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
    "case.restrict": "Accès restreint à des lecteurs nommés",
    "case.unrestrict": "Restriction d’accès levée",
    "case.emergency": "Accès d’urgence ouvert",
    "case.emergency.end": "Accès d’urgence terminé",
    "case.emergency.review": "Accès d’urgence examiné",
    "sharing.record": "Accord de partage enregistré",
    "sharing.withdraw": "Accord de partage retiré",
    "sharing.end": "Fin d’un partage : effets appliqués",
    "sharing.form": "Formulaire d’accord imprimé",
    "sharing.who_sees": "« Qui voit quoi » consulté",
    "sharing.who_sees_print": "« Qui voit quoi » imprimé",
    "recall.ask": "Destruction demandée à un partenaire",
    "recall.answer": "Réponse d’un partenaire sur la destruction",
    "document.add": "Pièce ajoutée",
    "document.propose": "Pièce proposée par un partenaire",
    "document.replay": "Pièce reçue une seconde fois, sans effet",
    "document.rejected": "Fichier refusé",
    "document.read": "Pièce téléchargée",
    "document.card": "Fiche de pièce consultée",
    "document.examine": "Pièce proposée consultée",
    "document.accept": "Pièce proposée acceptée",
    "document.refuse": "Pièce proposée non retenue",
    "document.withdraw": "Pièce retirée",
    "document.scan": "Pièce contrôlée par l’antivirus",
    "request.create": "Demande créée",
    "request.edit": "Demande modifiée",
    "request.read": "Demande consultée",
    "request.ask_piece": "Accord ou pièce demandé",
    "request.answer": "Point de règle tranché",
    "request.override": "Règle écartée",
    "agenda.add": "Demande inscrite à une séance",
    "agenda.move": "Rang changé à l’ordre du jour",
    "agenda.pull": "Demande retirée de l’ordre du jour : partage ou dossier terminé",
    "agenda.place_lost": "Point examiné sans un partenaire : partage terminé",
    "agenda.remove": "Demande retirée de l’ordre du jour",
    "agenda.discussion": "Échanges de la séance notés",
    "meeting.select_item": "Dossier présenté en séance",
    "meeting.console": "Dossier consulté en séance",
    "meeting.room": "Point projeté en séance",
    "meeting.send_back": "Demande rendue à la préparation, séance close sans avis",
    "ballot.open": "Scrutin ouvert",
    "ballot.ask_vote": "Vote demandé au lieu d’un avis conforme",
    "ballot.reset": "Scrutin repris à zéro",
    "agenda.link": "Demandes déclarées comme autres solutions",
    "agenda.unlink": "Demandes séparées",
    "agenda.ask_debate": "Débat demandé sur un dossier de la liste",
    "agenda.leave_list": "Dossier sorti de la liste sans débat",
    "agenda.approve_listed": "Avis conforme avec la liste sans débat",
    "ballot.read": "Scrutin consulté",
    "ballot.close": "Scrutin clos",
    "vote.cast": "Vote enregistré",
    "vote.replay": "Vote reçu une seconde fois, sans effet",
    "vote.type_all": "Votes saisis pour tous",
    "opinion.record": "Avis de la cellule enregistré",
    "decision.record": "Décision enregistrée",
    "advice.ask": "Avis demandé à un organisme",
    "advice.decline": "Demande d’avis déclinée",
    "advice.extend": "Échéance d’un avis reportée",
    "advice.list": "Avis demandés consultés",
    "advice.read": "Avis demandé consulté",
    "advice.reply": "Avis rendu par un organisme",
    "advice.revoke": "Question posée à un organisme retirée",
    "action.add": "Action confiée",
    "action.complete": "Action faite",
    "minutes.excerpt": "Extrait de procès-verbal ouvert",
    "minutes.read": "Procès-verbal consulté",
    "outcome.record": "Issue relevée",
    "notice.give": "Notice d’information remise",
    "rectification.ask": "Contestation de la personne notée",
    "rectification.decide": "Contestation de la personne tranchée",
    "recipient.tell": "Organisme destinataire prévenu",
    "processing.freeze": "Traitement limité à la demande de la personne",
    "processing.announce": "Personne informée de la levée de la limitation",
    "processing.lift": "Limitation du traitement levée",
    "person.candidates": "Doublons possibles consultés",
    "person.compare": "Identité comparée à celle d’une autre fiche",
    "person.propose": "Fusion avec une autre fiche proposée",
    "person.distinct": "Dite différente d’une fiche ressemblante",
    "person.merge": "Fusion de deux fiches de la même personne",
    "person.refuse": "Fusion avec une autre fiche refusée",
    "person.unmerge": "Fusion de deux fiches annulée",
    "person.proposal": "Proposition de fusion consultée",
}
_ELSEWHERE = {
    "access.refused": "Adresse refusée",
    "access.suspended": "Accès refusé, compte suspendu",
    "access.unknown": "Adresse inconnue",
    "account.accesses": "Propres accès consultés",
    "account.sign_in": "Connexion",
    "account.sign_out": "Déconnexion",
    "account.use_membership": "Rôle changé",
    "action.list": "Liste des actions consultée",
    "alert.lift": "Suspension levée",
    "alert.list": "Alertes du journal consultées",
    "alert.looked": "Alerte examinée",
    "alert.read": "Alerte consultée",
    "case.export": "Liste de dossiers extraite",
    "case.list": "Liste des dossiers consultée",
    "decision.list": "Décisions attendues consultées",
    "home.read": "Accueil consulté",
    "journal.count": "Volumes du journal consultés",
    "journal.destroy": "Mois du journal détruit avec certificat",
    "journal.extract": "Extrait « qui a consulté mon dossier » établi",
    "journal.list": "Pages du journal consultées",
    "journal.read": "Journal lu par le délégué à la protection des données",
    "journal.sealed_from": "Début du scellement du journal",
    "journal.verify": "Intégrité du journal vérifiée",
    "meeting.list": "Liste des séances consultée",
    "meeting.plan": "Séance planifiée",
    "meeting.read": "Séance consultée",
    "meeting.open": "Séance ouverte",
    "meeting.close": "Séance close",
    "retention.bring_back": "Dossier masqué, rendu avant son effacement",
    "retention.confirm": "Passage de conservation confirmé",
    "retention.contact": "Contact noté, la durée de conservation repart",
    "retention.erase": "Dossier effacé au terme de sa durée",
    "retention.hide": "Dossier masqué au terme de sa durée",
    "retention.hold": "Conservation pour contentieux décidée",
    "retention.lift": "Conservation pour contentieux levée",
    "retention.lift_asked": "Levée de la conservation pour contentieux demandée",
    "retention.list": "Échéances de conservation consultées",
    "retention.ran": "Passage de conservation terminé",
    "retention.read": "Conservation du dossier consultée",
    "retention.review": "Conservation pour contentieux revue",
    "retention.rules": "Durée de conservation décidée",
    "retention.run": "Passage de conservation commencé",
    "retention.runs": "Passages de conservation consultés",
    "retention.write": "Effacements écrits dans leur registre",
    "minutes.approve": "Procès-verbal approuvé",
    "minutes.cancel": "Envoi de procès-verbal repris avant son départ",
    "minutes.check": "Envoi de procès-verbal vérifié",
    "minutes.close_window": "Délai d’objection clos",
    "minutes.compose": "Procès-verbal composé",
    "minutes.correct": "Procès-verbal corrigé par un erratum",
    "minutes.export": "Registre d’un procès-verbal extrait",
    "minutes.hold": "Envoi de procès-verbal retenu",
    "minutes.object": "Objection à un procès-verbal",
    "minutes.prepare": "Envoi de procès-verbal préparé",
    "minutes.recall": "Procès-verbal rappelé",
    "minutes.register": "Registre d’un procès-verbal consulté",
    "minutes.send": "Procès-verbal envoyé",
    "minutes.submit": "Procès-verbal soumis à objections",
    "minutes.preview": "Projet de procès-verbal consulté",
    "recovery.ask": "Récupération de compte demandée",
    "recovery.begin": "Récupération de compte reprise par la personne",
    "recovery.cancel": "Récupération de compte annulée par la personne",
    "recovery.done": "Compte récupéré, anciens moyens de connexion retirés",
    "recovery.list": "Demandes de récupération consultées",
    "recovery.number": "Numéro de récupération refusé",
    "recovery.read": "Demande de récupération consultée",
    "recovery.refuse": "Demande de récupération refusée",
    "recovery.vouch": "Identité attestée pour une récupération",
    "recovery.withdraw": "Parole retirée d’une récupération",
    "person.duplicates": "Liste des doublons possibles consultée",
    "person.homonyms": "Homonymes cherchés avant d’ouvrir un dossier",
    "person.merges": "Liste des fusions consultée",
    "request.list": "Liste des demandes consultée",
    "notice.print": "Notice d’information imprimée",
    "recipient.list": "Fichiers à revoir consultés",
}
_REQUEST_MOVES = {
    "confirm": "Proposition confirmée",
    "submit": "Demande déclarée prête",
    "reopen": "Demande remise en brouillon",
    "schedule": "Demande inscrite à une séance",
    "unschedule": "Demande retirée de la séance",
    "start": "Mesure démarrée",
    "end": "Mesure terminée",
    "withdraw": "Demande retirée",
}
_PIECES = {
    "GIVEN": "Accord donné",
    "REFUSED": "Accord refusé",
    "PRESENT": "Pièce déposée",
}
_ROWS = {"activite": "activité", "arret": "arrêt", "rencontre": "rencontre"}
_ROW_ACTIONS = {"case.edit.add": "Ajout", "case.edit.row": "Modification", "case.edit.remove": "Retrait"}
_FAMILIES = {
    "account": "Compte",
    "advice": "Avis d’un organisme",
    "journal": "Journal des accès",
    "notice": "Notifications",
    "sharing": "Partage",
    "case": "Dossier",
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
    "person": "Identité",
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
    if action == "request.move":
        return _REQUEST_MOVES.get(str(detail.get("move")), _FAMILIES["request"])
    if action == "request.piece":
        return _PIECES.get(str(detail.get("state")), "Accord ou pièce mis à jour")
    if action in _ROW_ACTIONS:
        return f"{_ROW_ACTIONS[action]} : {_ROWS[detail['block']]}"
    return _ACTIONS.get(action) or _ELSEWHERE.get(action) or _FAMILIES.get(action.split(".")[0], "Autre action")


def _reading(part: str) -> str:
    if part.startswith("edit."):
        key = part.removeprefix("edit.")
        thing = BLOCKS[key].thing if key in BLOCKS else _ROWS.get(key, key)
        return f"Formulaire ouvert : {thing}"
    return _PARTS.get(part, "Dossier consulté")
