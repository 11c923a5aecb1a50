"""The one table of what a copy of a person's data takes, and from where: shelves, left out with a reason, titles.

A column of `policy.columns` that is about a person, on a table of a shelf, is in the copy without being named
here; a table that stands on no shelf and is not left out with a reason fails the tests.
"""

from dataclasses import dataclass

from pdp.policy.columns import COLUMNS, Mark
from pdp.policy.labels import Label
from pdp.privacy.enums.pack import Part


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table and how its rows are reached: `by` is the column that names a row of the table `of`."""

    table: str
    title: str
    by: str = "case_id"
    of: str = "case_file"


# In the order of the copy. What hangs on a row comes after it.
SHELVES: tuple[Shelf, ...] = (
    Shelf("insured_person", "Votre identité", "id", "insured_person"),
    Shelf("person_alias", "Vos noms précédents", "person_id", "insured_person"),
    Shelf("case_file", "Votre dossier", "id", "case_file"),
    Shelf("activity", "Vos activités professionnelles"),
    Shelf("stoppage", "Vos arrêts de travail"),
    Shelf("encounter", "Les étapes autour de l’arrêt"),
    Shelf("case_note", "Les notes de votre dossier"),
    Shelf("document", "Les pièces de votre dossier"),
    Shelf("notice_given", "Les notices d’information remises"),
    Shelf("sharing_agreement", "Vos accords de partage"),
    Shelf("departure", "Les fichiers sortis vers un organisme"),
    Shelf("recall", "Les destructions demandées aux organismes"),
    Shelf("recipient_notice", "Ce qui a été dit aux organismes destinataires"),
    Shelf("dispositif_request", "Les dispositifs demandés"),
    Shelf("required_piece", "Les accords et pièces exigés", "request_id", "dispositif_request"),
    Shelf(
        "eligibility_snapshot",
        "Vos éligibilités, telles qu’elles ont été trouvées",
        "request_id",
        "dispositif_request",
    ),
    Shelf("human_answer", "Les réponses données par une personne aux règles", "request_id", "dispositif_request"),
    Shelf("advice_round", "Les avis demandés à des organismes"),
    Shelf("advice_ask", "Les organismes interrogés"),
    Shelf("advice_reply", "Les avis des organismes"),
    Shelf("agenda_item", "Les passages en séance", "request_id", "dispositif_request"),
    Shelf("ballot", "Les votes", "item_id", "agenda_item"),
    Shelf("ballot_voter", "Qui pouvait voter", "ballot_id", "ballot"),
    Shelf("vote", "Ce qui a été voté", "ballot_id", "ballot"),
    Shelf("cellule_opinion", "Les avis de la cellule", "item_id", "agenda_item"),
    Shelf("opinion_correction", "Les rectifications d’un vote ou d’un avis"),
    Shelf("minutes_version", "Les extraits de procès-verbal", "meeting_id", "agenda_item"),
    Shelf("fund_decision", "Les décisions", "request_id", "dispositif_request"),
    Shelf("letter", "Les courriers"),
    Shelf("action", "Les actions à mener"),
    Shelf("measure_event", "Le déroulement des mesures"),
    Shelf("request_outcome", "Le suivi et les issues", "request_id", "dispositif_request"),
    Shelf("rectification", "Ce que vous contestez"),
    Shelf("rectification_decision", "Ce qui en a été décidé"),
    Shelf("processing_freeze", "Les limitations du traitement"),
    Shelf("rights_request", "Vos demandes sur vos données"),
    Shelf("case_reader", "L’accès restreint à votre dossier"),
    Shelf("emergency_access", "Les ouvertures d’urgence de votre dossier"),
    Shelf("audit_entry", "Qui a consulté votre dossier"),
    Shelf("retention_contact", "Les derniers contacts, qui font courir la conservation"),
    Shelf("retention_hold", "Les conservations prolongées"),
)
BY_TABLE = {shelf.table: shelf for shelf in SHELVES}

# Tables about people that no copy takes, and why.
LEFT_OUT: dict[str, str] = {
    "access_alert": "watches over an account of the cellule, not over the insured",
    "case_recusal": "what an agent declares of their own ties, by a code: it holds nothing of the insured",
    "case_export": "a list of many cases that left: each case of it is in the journal of that case",
    "access_pack": "the making of this copy: its request is in it",
    "pack_part": "the making of this copy: its request is in it",
    "pack_mask": "the making of this copy: what is hidden is said where it is hidden",
    "merge_proposal": "speaks of two persons at once; whose names a file had is in `person_alias`",
    "person_merge": "speaks of two persons at once; whose names a file had is in `person_alias`",
    "person_merge_line": "speaks of two persons at once, to put back what was merged by mistake",
    "person_unmerge": "speaks of two persons at once",
    "minutes_file": "the files of a whole séance, other people's cases included: the extract is given instead",
    "minutes_objection": "words of a member about the minutes of a whole séance, other people's cases included",
    "closed_case_tally": "statistics without a person",
}
# Columns that no copy takes, and why.
OMITTED: dict[tuple[str, str], str] = {
    ("insured_person", "search_key"): "the names again, without accents, for the search",
    ("insured_person", "nir_index"): "a fingerprint of the number, which is given",
    ("person_alias", "search_key"): "the names again, without accents, for the search",
    ("person_alias", "nir_index"): "a fingerprint of the number, which is given",
    ("document", "about_ref"): "an identifier of the site",
    ("ballot_voter", "seat_label"): "a seat is one or two people: the service and the voice are given",
    ("ballot_voter", "by_proxy"): "how an agent's seat was held",
    ("ballot_voter", "position"): "the order of the list",
    ("ballot", "vote_asked_by"): "a seat is one or two people",
    ("ballot", "turnout"): "keys of the agents who took part",
    ("ballot", "received"): "told by the count",
    ("ballot", "round"): "told by the reasons for which it began again",
    ("opinion_correction", "changes"): "keys of seats: what it led to is given in words",
    ("opinion_correction", "holds"): "told by the state",
    ("opinion_correction", "answer_by"): "a limit that the site sets",
    ("vote", "round"): "the order of the answers of one seat",
    ("required_piece", "position"): "the order of the list",
    ("human_answer", "seat_label"): "a seat is one or two people: the service is given",
    ("vote", "sequence"): "the order of the answers of one seat",
    ("vote", "channel"): "how the agent voted",
    ("vote", "cast_at"): "would tell one agent's vote from another's",
    ("audit_entry", "action"): "read to say « consulté » or « complété »",
    ("audit_entry", "object_kind"): "a name of a table",
    ("audit_entry", "detail"): "codes of the machine",
    ("audit_entry", "refused"): "an access that did not happen",
    ("emergency_access", "reason"): "words of an agent that no one who prepares the copy may read",
    ("emergency_access", "review_comment"): "words of the DPO about an agent",
    ("emergency_access", "restricted"): "a code of the site",
    ("emergency_access", "reviewed_at"): "the examination of an agent's act",
    ("emergency_access", "expires_at"): "a limit that the site sets",
    ("letter", "content_hash"): "the fingerprint of what the letter says",
    ("letter", "content"): "went to the insured as it is; the opinion and the decision it tells are in the copy",
    ("letter", "year"): "said with the day when it was produced",
    ("minutes_version", "content_hash"): "the fingerprint of the whole minutes",
    ("eligibility_snapshot", "ruleset_hash"): "the fingerprint of the rules",
    ("departure", "object_kind"): "a name of a table",
    ("recall", "reason"): "given by an organisation about its own archives",
}
_TAKEN = frozenset({Mark.ROW, Mark.CASE, Mark.CORE, Mark.RIGHTS})
# Written at sealing and read by nobody before: the journal is not open to who prepares the copy.
UNREAD = frozenset({Label.JOURNAL})


def is_taken(mark: Label | Mark) -> bool:
    """Tell whether what carries this mark is about a person, hence in a copy of their data."""
    return mark is not Label.AGGREGATE if isinstance(mark, Label) else mark in _TAKEN


def columns_of(table: str) -> dict[str, Label | Mark]:
    """Return the columns of a table that a copy takes, in their order, with their marks."""
    return {
        column: mark
        for (name, column), mark in COLUMNS.items()
        if name == table and is_taken(mark) and (name, column) not in OMITTED
    }


def part_of(label: Label | None) -> Part | None:
    """Return the part of the copy that a label belongs to; None for what nobody reads before sealing."""
    if label in UNREAD:
        return None
    return {Label.MEDICAL: Part.MEDICAL, Label.SOCIAL: Part.SOCIAL}.get(label or Label.IDENTITY, Part.GENERAL)


def title_of(table: str, column: str) -> str | None:
    """Return the French title of a column; None when nobody wrote one."""
    return _TITLES.get(f"{table}.{column}") or _TITLES.get(column)


def _read(text: str) -> dict[str, str]:
    pairs = (line.split(" ", 1) for line in text.strip().splitlines())
    return {name: title.strip() for name, title in pairs}


# `table.column` first, else `column` alone.
_TITLES = _read("""
family_name Nom
given_name Prénom
birth_date Date de naissance
phone Téléphone
email Adresse électronique
town Commune
nir Numéro de sécurité sociale
frozen_on Traitement limité depuis
since Depuis
reference Référence
stage Étape
opened_on Ouvert le
closed_on Clos le
restricted_on Accès restreint depuis
restricted_reason Motif de la restriction
axis Axe
source Origine du signalement
signal_reason Motif du signalement
reorientation Réorientation
presentation Présentation de la situation
work_exclusion_risk Risque d’exclusion de l’emploi
social_evaluation_on Évaluation sociale du
insured_request_on Votre demande du
scheme Régime
affiliation_months Mois d’affiliation
old_age_pension Pension de vieillesse
invalidity_pension Pension d’invalidité
long_term_condition Affection de longue durée
fund_participates Participation de la caisse
boeth_kind Titre BOETH
boeth_state État du titre BOETH
boeth_valid_until Titre valable jusqu’au
unfitness_state Inaptitude
unfitness_on Inaptitude du
conclusion_code Conclusion du médecin-conseil
conclusion_on Conclusion du
conclusion_limits Limites fonctionnelles
named_at Désigné le
ended_at Fini le
status Statut
employer Employeur
post Poste
working_time Temps de travail
is_micro Micro-entreprise
starts_on Depuis le
ends_on Jusqu’au
status_group Groupe
origin Origine
prescribed_end Prescrit jusqu’au
ended_on Fini le
indemnified Indemnisé
full_time À temps plein
kind Nature
happens_on Le
label Rubrique
text Texte
written_at Écrit le
precision Précision
media Format
size Taille en octets
added_at Ajoutée le
review Examen
spread Qui peut la lire
reviewed_at Examinée le
refusal Motif du refus
scan Contrôle antivirus
scanned_at Contrôlée le
withdrawn_at Retirée le
withdrawal Motif du retrait
replaced_at Remplacée le
about Rattachée à
notice Notice
given_on Remise le
means Comment
given_by Remise par
recorded_at Enregistré le
labels Informations concernées
purpose_code Finalité
purpose Précisions
dispositif_request.purpose Objet
informed_on Information donnée le
agreed_on Accord du
place Lieu
form Forme
witness Témoin
collected_by Recueilli par
withdrawn_on Retiré le
end_kind Fin
withdrawal_means Retrait reçu par
withdrawal_reason Motif du retrait
what Nature
object_version Version
left_at Sorti le
state État
asked_at Demandé le
due_on Échéance
action.note Ce qu’en a dit la personne qui en est chargée
action.reminded_step Dernier rappel, en jours ouvrés de retard
action.reminded_on Dernier rappel le
action.returned_on Demande à réinscrire depuis le
answered_at Répondu le
news Information donnée
told_at Donnée le
dispositif Dispositif
author Demandé par
question Question
measure_start Début de la mesure
measure_end Fin de la mesure
details Précisions de la mesure
decline_reason Motif du refus
created_at Créée le
nature Nature
asked_on Demandé le
dated Daté du
comment Commentaire
taken_at Trouvée le
evaluated_on Appréciée au
reason Motif
doctrine Doctrine
results Résultat
facts Informations prises en compte
rule_id Règle
accepted Réponse favorable
is_override Dérogation
answered_on Répondu le
revoked_at Question retirée le
declined_at Déclinée le
value Réponse
late En retard
replied_at Répondu le
discussion Échanges en séance
started_at Débattu le
opened_at Ouvert le
closed_at Clos le
ballot.mode Façon de voter
proposed Avis proposé sans vote
counts Décompte du scrutin secret
reset_reasons Motifs de reprise du scrutin
quorum_reached Quorum atteint
quorum_sentence Quorum
opinion_correction.reason Ce qui était inexact
opinion_correction.code Avis rectifié
opinion_correction.state État de la rectification
former_code Avis d’avant la rectification
proposed_at Proposée le
opinion_correction.decided_at Réponse le
organisation_kind Service
voice Voix
code Avis
request_outcome.code Issue
conditions Conditions
letter.kind Courrier
letter.number Numéro
produced_at Produit le
sent_on Parti le
sent_by_means Envoi
reasons Motifs
explanation Explication
dissent Positions divergentes
content Extrait
deciding_body Décidé par
outcome Décision
rectification_decision.outcome Suite donnée
decided_on Décidé le
decided_at Décidé le
appeal_routes Voies de recours
notified_on Notifiée le
prior_approval_on Accord préalable du
done_on Faite le
happened_on Jour
until Jusqu’au
measure_event.code Précision
measure_event.result Résultat
text_version Texte de la convention
in_work En activité
result Résultat de la mesure
conclusion Suite
observed_on Constaté le
field Information contestée
statement Ce que vous en dites
ground Motif
detail Précisions
frozen_at Décidée le
informed_means Information donnée par
informed_at Information enregistrée le
lift_reason Motif de la levée
lifted_at Levée le
channel Arrivée par
received_on Reçue le
identity_proof Identité
identity_asked_on Preuve demandée le
identity_given_on Preuve reçue le
extended_on Prolongée, vous en êtes prévenu le
extension_reason Motif de la prolongation
answer_means Réponse
refusal_reason Motif du refus
role Fonction
at Le
contacted_on Contact du
placed_on Depuis le
review_on À revoir le
reviewed_on Revue le
lift_asked_at Levée demandée le
""")
