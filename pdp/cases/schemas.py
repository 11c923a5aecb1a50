"""What the use cases of cases accept. `metadata` holds the French label and hint of each field."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from pdp.cases.enums import (
    Axis,
    BoethKind,
    BoethState,
    ConclusionCode,
    EncounterKind,
    ExportFormat,
    RecusalReason,
    RestrictionReason,
    Scheme,
    SignalSource,
    StoppageOrigin,
    TriState,
    UnfitnessState,
)
from pdp.cases.rules.nir import canonical
from pdp.core.enums import Labelled
from pdp.core.errors import InvalidInput
from pdp.dispositifs.enums import PersonStatus, StatusGroup
from pdp.policy.labels import Label
from pdp.web.forms import Email, FrenchDate, Input, Line, Paragraphs

NO_MEDICAL = "Pas d’information médicale ici : ni diagnostic, ni traitement."


def _meta(label: str, hint: str | None = None, **more: Any) -> dict[str, Any]:
    return {"label": label, "hint": hint, **more}


def _line(label: str, hint: str | None = None, required: bool = False, **more: Any) -> Line:
    if required:
        return Line(required=True, metadata=_meta(label, hint, **more))
    return Line(load_default="", metadata=_meta(label, hint, **more))


def _text(label: str, hint: str = NO_MEDICAL) -> Paragraphs:
    return Paragraphs(load_default="", metadata=_meta(label, hint, wide=True))


def _date(label: str, hint: str | None = None, required: bool = False) -> FrenchDate:
    if required:
        return FrenchDate(required=True, metadata=_meta(label, hint))
    return FrenchDate(load_default=None, allow_none=True, metadata=_meta(label, hint))


def _choice(words: type[Labelled], label: str, *, empty: str | None = None, default: Any = None) -> fields.Enum[Any]:
    """A word of a list: required unless `empty` (what no answer is called) or a default is given."""
    meta = _meta(label, words=words, empty=empty)
    if empty is None and default is None:
        return fields.Enum(words, by_value=True, required=True, metadata=meta)
    return fields.Enum(words, by_value=True, load_default=default, allow_none=True, metadata=meta)


def _tri(label: str) -> fields.Enum[Any]:
    return fields.Enum(TriState, by_value=True, load_default=TriState.UNKNOWN, metadata=_meta(label, words=TriState))


class _Nir(Line):
    """A social-security number, checked with its key together with the other fields."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        try:
            return canonical(text) if text else ""
        except InvalidInput as error:
            raise ValidationError(error.errors["nir"]) from None


def _email() -> Line:
    return Email(load_default="", metadata=_meta("Adresse électronique", kind="email"))


class _Block(Input):
    """A block carries the fingerprint of what the form was opened on."""

    version = fields.String(load_default="")


class IdentityInput(_Block):
    """Label `identity`."""

    family_name = _line("Nom", required=True)
    given_name = _line("Prénom", required=True)
    birth_date = _date("Date de naissance", required=True)
    town = _line("Commune")
    phone = _line("Téléphone", kind="tel")
    email = _email()


class SignalInput(_Block):
    """Label `signal`."""

    source = _choice(SignalSource, "Qui a signalé la situation")
    axis = _choice(Axis, "Axe d’accompagnement", empty="À déterminer")
    signal_reason = _text("Motif du signalement")


class EmploymentInput(_Block):
    """Label `employment`, beside the activities."""

    scheme = _choice(Scheme, "Régime", default=Scheme.UNKNOWN)
    affiliation_months = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=[validate.Range(0, 720, error="Un nombre de mois entre 0 et 720 est attendu.")],
        metadata=_meta("Mois d’affiliation", "Depuis l’affiliation au régime, en mois entiers."),
    )


class SituationInput(_Block):
    """Label `request`: what the cellule needs to know."""

    presentation = _text("Présentation de la situation")
    work_exclusion_risk = _tri("Risque de désinsertion professionnelle")
    social_evaluation_on = _date("Évaluation sociale faite le")
    insured_request_on = _date("Demande écrite de l’assuré reçue le")


class BoethInput(_Block):
    """Label `boeth`."""

    boeth_state = _choice(BoethState, "État du titre", default=BoethState.UNKNOWN)
    boeth_kind = _choice(BoethKind, "Titre", empty="Aucun")
    boeth_valid_until = _date("Valable jusqu’au")


class UnfitnessInput(_Block):
    """Label `restrictions`."""

    unfitness_state = _choice(UnfitnessState, "Avis du médecin du travail", default=UnfitnessState.UNKNOWN)
    unfitness_on = _date("Donné le")


class ConclusionInput(_Block):
    """Label `conclusion`."""

    conclusion_code = _choice(ConclusionCode, "Conclusion", empty="Aucune pour l’instant")
    conclusion_on = _date("Donnée le")
    conclusion_limits = _text(
        "Limites fonctionnelles",
        "Ce que la personne peut faire ou non. Pas d’information médicale ici : ni diagnostic, ni traitement.",
    )


class AllowanceInput(_Block):
    """Label `allowance`."""

    old_age_pension = _tri("Pension de retraite")
    invalidity_pension = _tri("Pension d’invalidité")
    long_term_condition = _tri("Affection de longue durée")
    fund_participates = _tri("Participation financière de la caisse")


class ActivityInput(_Block):
    """One professional status."""

    status = _choice(PersonStatus, "Statut")
    post = _line("Poste ou métier")
    employer = _line("Employeur ou enseigne")
    working_time = _line("Temps de travail", "Par exemple : temps plein, 24 heures par semaine.")
    is_micro = fields.Boolean(load_default=False, metadata=_meta("Micro-entreprise"))
    starts_on = _date("Depuis le")
    ends_on = _date("Jusqu’au", "Fin du contrat ou de l’activité, si elle est connue.")


class StoppageInput(_Block):
    """One prescribed period of arrêt."""

    starts_on = _date("Premier jour", required=True)
    prescribed_end = _date("Dernier jour prescrit", required=True)
    ended_on = _date("Fini le", "Seulement si l’arrêt a fini à une autre date que prévu.")
    origin = _choice(StoppageOrigin, "Origine")
    indemnified = _tri("Indemnisé")
    full_time = fields.Boolean(load_default=False, metadata=_meta("Arrêt à temps plein", checked=True))
    status_group = _choice(StatusGroup, "Activité concernée", empty="Toutes")


class EncounterInput(_Block):
    """A dated step around the arrêt."""

    kind = _choice(EncounterKind, "Rencontre")
    happens_on = _date("Date", required=True)


class OpeningInput(Input):
    """A new case, from one form."""

    family_name = _line("Nom", required=True)
    given_name = _line("Prénom", required=True)
    birth_date = _date("Date de naissance", required=True)
    nir = _Nir(
        load_default="",
        metadata=_meta("Numéro de sécurité sociale", "Les 15 caractères, clé comprise ; 2A ou 2B pour la Corse."),
    )
    town = _line("Commune")
    phone = _line("Téléphone", kind="tel")
    email = _email()
    source = _choice(SignalSource, "Qui a signalé la situation")
    axis = _choice(Axis, "Axe d’accompagnement", empty="À déterminer")
    signal_reason = _text("Motif du signalement")
    activity_status = _choice(PersonStatus, "Statut", empty="Non connu")
    post = _line("Poste ou métier")
    employer = _line("Employeur ou enseigne")
    working_time = _line("Temps de travail", "Par exemple : temps plein, 24 heures par semaine.")
    is_micro = fields.Boolean(load_default=False, metadata=_meta("Micro-entreprise"))
    stoppage_starts_on = _date("Premier jour")
    stoppage_prescribed_end = _date("Dernier jour prescrit")
    stoppage_origin = _choice(StoppageOrigin, "Origine", empty="Sans arrêt")
    stoppage_indemnified = _tri("Indemnisé")
    take_charge = fields.Boolean(load_default=False, metadata=_meta("Je prends ce dossier en charge"))
    # What was answered about a record that resembles: « new », or the public id of a case of the same person.
    same_as = fields.String(load_default="", validate=validate.Length(max=40))


class MoveInput(Input):
    """A move of the case; the text is required by some moves only."""

    version = fields.Integer(required=True)
    text = Paragraphs(load_default="", max_length=2000)
    axis = _choice(Axis, "Axe d’accompagnement", empty="À déterminer")


class ReferentInput(Input):
    """Who becomes the referent."""

    version = fields.Integer(required=True)
    referent = fields.String(required=True)


class RestrictionInput(Input):
    """Why only named readers open the case, and who they are."""

    version = fields.Integer(required=True)
    reason = _choice(RestrictionReason, "Raison")
    people = fields.List(fields.String(), load_default=list, validate=validate.Length(max=200))
    organisations = fields.List(fields.String(), load_default=list, validate=validate.Length(max=200))


class RecusalInput(Input):
    """Why one takes no part in a case: a code and nothing more."""

    reason = _choice(RecusalReason, "Raison")


class LiftInput(Input):
    """The version of the case that the reader saw."""

    version = fields.Integer(required=True)


class EmergencyInput(Input):
    """Which case, of which cellule, and why it is urgent to read it."""

    cellule = fields.String(required=True)
    reference = Line(required=True, max_length=20)
    reason = Paragraphs(required=True, max_length=1000)


class ReviewInput(Input):
    """What the data-protection officer found."""

    comment = Paragraphs(required=True, max_length=1000)


class NoteInput(Input):
    """A note under one label."""

    label = fields.Enum(Label, by_value=True, required=True)
    text = Paragraphs(required=True, max_length=4000)


class RemovalInput(Input):
    """What the reader saw of the row that goes."""

    version = fields.String(required=True)


BLOCK_SCHEMAS: dict[str, type[_Block]] = {
    "identite": IdentityInput,
    "signalement": SignalInput,
    "emploi": EmploymentInput,
    "situation": SituationInput,
    "boeth": BoethInput,
    "aptitude": UnfitnessInput,
    "conclusion": ConclusionInput,
    "droits": AllowanceInput,
}
ROW_SCHEMAS: dict[str, type[_Block]] = {"activite": ActivityInput, "arret": StoppageInput, "rencontre": EncounterInput}


class SearchInput(Input):
    """What is looked for in the list of cases."""

    q = Line(load_default="", max_length=100, metadata=_meta("Nom ou référence"))


class ExportInput(Input):
    """Why a list of cases is taken out, and in what file."""

    reason = Paragraphs(required=True, max_length=300, metadata=_meta("Motif de l’extraction"))
    file_format = fields.Enum(ExportFormat, by_value=True, required=True)
    with_names = fields.Boolean(load_default=False)
