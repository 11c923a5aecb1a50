"""The one table that gives every state its shape, its colour and its French word.

Keys are English, in the form ``family.CODE``. The shape and the word carry the meaning; the tone only confirms it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """How one state is shown: ``shape`` is a symbol of icons.svg, ``tone`` a colour of the theme."""

    shape: str
    tone: str
    label: str


def _given(label: str) -> State:
    return State("disc-tick", "positive", label)


def _qualified(label: str) -> State:
    return State("ring-tick", "positive", label)


def _to_check(label: str) -> State:
    return State("diamond-question", "attention", label)


def _put_off(label: str) -> State:
    return State("disc-pause", "attention", label)


def _missing(label: str) -> State:
    return State("square-plus", "missing", label)


def _refused(label: str) -> State:
    return State("octagon-cross", "negative", label)


def _current(label: str) -> State:
    return State("half-disc", "current", label)


def _awaited(label: str) -> State:
    return State("ring-dashed", "neutral", label)


def _late(label: str) -> State:
    return State("ring-dashed", "negative", label)


def _void(label: str) -> State:
    return State("ring-dash", "neutral", label)


def _redirected(label: str) -> State:
    return State("arrow-tag", "neutral", label)


def _recused(label: str) -> State:
    return State("door-arrow", "neutral", label)


def _absent(label: str) -> State:
    return State("ring-bar", "neutral", label)


STATES: dict[str, State] = {
    "verdict.eligible": _given("Éligible"),
    "verdict.pass": _given("Satisfaite"),
    "verdict.a_verifier": _to_check("À vérifier"),
    "verdict.piece_manquante": _missing("Pièce manquante"),
    "verdict.ineligible": _refused("Non éligible"),
    "opinion.FAVOURABLE": _given("Favorable"),
    "opinion.FAVOURABLE_WITH_CONDITIONS": _qualified("Favorable sous réserve"),
    "opinion.UNFAVOURABLE": _refused("Défavorable"),
    "opinion.ADJOURNED": _put_off("Ajourné"),
    "opinion.NO_OBJECT": _void("Sans objet"),
    "opinion.REORIENTED": _redirected("Réorienté"),
    "agreement.GIVEN": _given("Donné"),
    "agreement.MISSING": _missing("Manquant"),
    "agreement.REQUESTED": _awaited("Demandé"),
    "agreement.REFUSED": _refused("Refusé"),
    "agreement.NOT_REQUIRED": _void("Non requis"),
    "agreement.UNKNOWN": _to_check("Non connu"),
    "document.PRESENT": _given("Présente"),
    "document.ABSENT": _missing("Manquante"),
    "document.TO_SIGN": _missing("À signer"),
    "document.UNKNOWN": _to_check("Non connue"),
    "piece.GIVEN": _given("Donné"),
    "piece.MISSING": _missing("Manquant"),
    "piece.REFUSED": _refused("Refusé"),
    "piece.PRESENT": _given("Au dossier"),
    "piece.ABSENT": _missing("Manquante"),
    "measure.SIGNED": _given("Signée"),
    "measure.TO_SIGN": _missing("À signer"),
    "measure.VOID": _void("À signer de nouveau"),
    "advice.WAITING": _awaited("Avis attendu"),
    "advice.LATE": _late("Avis en retard"),
    "advice.ANSWERED": _given("Avis rendu"),
    "advice.DECLINED": _void("Décliné"),
    "advice.REVOKED": _void("Question retirée"),
    "advice.FAVOURABLE": _given("Favorable"),
    "advice.RESERVED": _to_check("Favorable avec réserves"),
    "advice.UNFAVOURABLE": _refused("Défavorable"),
    "advice.NONE": _void("Ne se prononce pas"),
    "paper.ACCEPTED": _given("Au dossier"),
    "paper.PROPOSED": _to_check("À examiner"),
    "paper.WAITING": _awaited("Contrôle antivirus en attente"),
    "paper.REFUSED": _refused("Non retenue"),
    "paper.REPLACED": _void("Version précédente"),
    "paper.WITHDRAWN": _void("Retirée"),
    "paper.INFECTED": _refused("Dangereuse, détruite"),
    "paper.EXPECTED": _missing("Attendue"),
    "job.waiting": _given("À l’heure"),
    "job.running": _current("En cours"),
    "job.late": _late("En retard"),
    "job.failed": _refused("En échec"),
    "job.unknown": _awaited("Jamais suivi"),
    "recovery.waiting": _awaited("Paroles attendues"),
    "recovery.accepted": _given("Attestée par deux personnes"),
    "recovery.done": _given("Compte récupéré"),
    "recovery.cancelled": _void("Annulée"),
    "recovery.refused": _refused("Refusée"),
    "recovery.expired": _void("Délai passé"),
    "vote.FOR": _given("Pour"),
    "vote.FOR_WITH_CONDITIONS": _qualified("Pour, sous conditions"),
    "vote.AGAINST": _refused("Contre"),
    "vote.ABSTAIN": _void("Abstention"),
    "vote.RECUSED": _recused("Déport"),
    "vote.ABSENT": _absent("Absent"),
    "vote.AWAITED": _awaited("Vote attendu"),
    "vote.CAST": State("disc-tick", "current", "A voté"),
    "attendance.PRESENT": _given("Présent"),
    "attendance.EXCUSED": _absent("Excusé"),
    "attendance.ABSENT": _absent("Absent"),
    "attendance.REPRESENTED": _qualified("Représenté"),
    "attendance.AWAITED": _awaited("Sans réponse"),
    "request.PROPOSED": _awaited("Proposée"),
    "request.DRAFT": _awaited("Brouillon"),
    "request.READY": _qualified("Prête"),
    "request.SCHEDULED": _current("Inscrite"),
    "request.OPINION_GIVEN": _given("Avis rendu"),
    "request.DECIDED": _given("Accordée"),
    "request.REFUSED": _refused("Refusée"),
    "request.RUNNING": _current("En cours"),
    "request.ENDED": _given("Terminée"),
    "request.WITHDRAWN": _void("Retirée"),
    "request.DECLINED": _void("Non retenue"),
    "request.REORIENTED": _redirected("Réorientée"),
    "request.ADJOURNED": _put_off("Ajournée"),
    "case.triage": _awaited("À trier"),
    "case.open": _current("En accompagnement"),
    "case.reoriented": _redirected("Réorienté"),
    "case.closed": _void("Clos"),
    "meeting.PLANNED": _awaited("Prévue"),
    "meeting.OPEN": _current("Ouverte"),
    "meeting.CLOSED": _given("Close"),
    "meeting.CANCELLED": _void("Annulée"),
    "reply.room": _given("Vient, en salle"),
    "reply.remote": _given("Vient, à distance"),
    "reply.away": _void("Ne vient pas"),
    "reply.substitute": _redirected("Envoie son suppléant"),
    "reply.other_time": _put_off("Demande un autre horaire"),
    "reply.AWAITED": _awaited("Sans réponse"),
    "reply.FAILED": _refused("Courriel non parti"),
    "consultation.PLANNED": _awaited("À ouvrir"),
    "consultation.OPEN": _current("Ouverte au vote"),
    "consultation.ENDED": _to_check("Avis à enregistrer"),
    "consultation.CLOSED": _given("Close"),
    "consultation.CANCELLED": _void("Annulée"),
    "ballot.STOPPED": _redirected("Débat oral"),
    "ballot.PLANNED": _awaited("À suivre"),
    "ballot.OPEN": _current("Ouvert"),
    "ballot.CLOSED": _given("Clos"),
    "ballot.OPINION_DUE": _to_check("Avis à enregistrer"),
    "decision.GRANTED": _given("Accordé"),
    "decision.REFUSED": _refused("Refusé"),
    "decision.AWAITED": _awaited("Décision attendue"),
    "task.OPEN": _awaited("À faire"),
    "task.DONE": _given("Fait"),
    "task.LATE": _refused("En retard"),
    "task.UNMET": _refused("Non remplie"),
    "task.DROPPED": _void("Sans objet"),
    "reserve.OPEN": _awaited("Réserve à lever"),
    "reserve.LIFTED": _given("Réserve levée"),
    "reserve.BROKEN": _refused("Réserve non remplie"),
    "quorum.REACHED": _given("Quorum atteint"),
    "quorum.FRAGILE": _qualified("Prévu, mais fragile"),
    "quorum.NOT_REACHED": _refused("Quorum non atteint"),
    "sending.not_sent": _awaited("Non envoyée"),
    "sending.waiting": _current("Envoi en attente"),
    "sending.sent": _given("Envoyée"),
    "sending.held": _refused("Envoi retenu"),
    "sending.recalled": _redirected("Rappelée"),
    "approval.awaited": _awaited("À approuver"),
    "approval.open": _current("Délai d’objection en cours"),
    "approval.contested": _to_check("Objections à examiner"),
    "approval.approved": _given("Approuvé"),
    "sharing.in_force": _given("Accordé"),
    "sharing.suspended": _put_off("Suspendu"),
    "sharing.future": _awaited("À venir"),
    "sharing.missing": _missing("À recueillir"),
    "sharing.expired": _absent("Échu"),
    "sharing.withdrawn": _refused("Retiré"),
    "sharing.replaced": _redirected("Remplacé"),
    "sharing.case_ended": _void("Terminé avec le dossier"),
    "likeness.IDENTICAL": _given("Identique"),
    "likeness.CLOSE": _to_check("Proche"),
    "likeness.DIFFERENT": _refused("Différent"),
    "likeness.UNKNOWN": _void("Inconnu"),
    "correction.WAITING": _awaited("À confirmer"),
    "correction.CONFIRMED": _given("Confirmée"),
    "correction.REFUSED": _refused("Refusée"),
    "correction.EXPIRED": _void("Sans réponse"),
    "merge.WAITING": _awaited("À confirmer"),
    "merge.CONFIRMED": _given("Fusion faite"),
    "merge.REFUSED": _refused("Refusée"),
    "merge.UNDONE": _redirected("Fusion annulée"),
    "merge.DISTINCT": _void("Personnes différentes"),
    "retention.RUNNING": _given("Conservé"),
    "retention.SOON": _to_check("Bientôt masqué"),
    "retention.DUE": _awaited("À masquer"),
    "retention.HIDDEN": _put_off("Masqué"),
    "retention.READY": _late("À effacer"),
    "retention.SUSPENDED": _put_off("Suspendu"),
    "run.DONE": _given("Terminé"),
    "run.STOPPED": _refused("Arrêté, à confirmer"),
    "run.CONFIRMED": _qualified("Confirmé à deux"),
    "review.WAITING": _to_check("À examiner"),
    "review.DONE": _given("Examiné"),
    "segment.WHOLE": _given("Entier"),
    "segment.BROKEN": _refused("Altéré"),
    "notice.given": _given("À jour"),
    "notice.awaited": _awaited("À remettre"),
    "notice.due": _missing("À informer"),
    "notice.late": _late("En retard"),
    "notice.newer": _to_check("Nouvelle version"),
    "notice.not_needed": _void("Sans objet"),
    "contested.open": _to_check("À vérifier"),
    "contested.corrected": _given("Corrigée"),
    "contested.refused": _refused("Correction refusée"),
    "contested.noted": _qualified("Note jointe"),
    "freeze.current": _put_off("En cours"),
    "freeze.announced": _current("Personne informée"),
    "freeze.lifted": _void("Levée"),
    "recall.asked": _awaited("Réponse attendue"),
    "recall.late": _late("En retard"),
    "recall.confirmed": _given("Détruit"),
    "recall.refused": _to_check("Conservé, avec motif"),
    "convocation.SENT": _given("Envoyée"),
    "convocation.AWAITED": _awaited("À envoyer"),
    "minutes.DRAFT": _awaited("Brouillon"),
    "minutes.HELD": _put_off("Envoi retenu"),
    "minutes.SEALED": _given("Scellé"),
    "minutes.SENT": _given("Envoyé"),
    "outcome.RECORDED": _given("Relevé"),
    "outcome.AWAITED": _awaited("À relever"),
    "account.ACTIVE": _given("Actif"),
    "account.INVITED": _awaited("Invité"),
    "account.DISABLED": _absent("Désactivé"),
    "rights.received": _awaited("Reçue"),
    "rights.identity_awaited": _put_off("Preuve d’identité attendue"),
    "rights.preparing": _current("En préparation"),
    "rights.to_hand_over": _qualified("À remettre"),
    "rights.answered": _given("Répondue"),
    "rights.refused": _refused("Refusée"),
    "part.to_release": _awaited("À relire"),
    "part.released": _given("Relue"),
    "part.withheld": _void("Réservée"),
    "form.CONFLICT": _to_check("Modifiée entre-temps"),
}
