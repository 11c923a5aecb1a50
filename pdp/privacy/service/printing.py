"""The file that the person receives: one PDF, which holds the rest, closed by a passphrase.

One encrypted PDF (AES-256) rather than an encrypted archive: any reader of PDF opens it, on a phone too, where
Windows opens no encrypted ZIP by itself. What a machine reads, and the pieces, are attached inside.
"""

import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pikepdf

from pdp.core import french
from pdp.core.export import Sheet, to_xlsx
from pdp.core.french import NBSP
from pdp.core.typeset import typeset
from pdp.privacy.rules.copy import CaseCopy

# Without what is read as something else when it is copied by hand: 0 and O, 1, I and L.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_GROUPS, _LENGTH = 5, 4
# About as many letters as half of a page holds.
_ONE_PAGE = 1800
FORMAT = "cellule-pdp/copie-des-donnees"


@dataclass(frozen=True, slots=True)
class Cover:
    """What the letter says: who answers, which request, on which day, and what does not leave here."""

    cellule: str
    caisse: str
    person: str
    reference: str
    received_on: date
    made_on: date
    missing: tuple[str, ...]
    recipients: tuple[str, ...]


def new_passphrase() -> str:
    """Return a passphrase of 20 characters (99 bits), in groups that can be read aloud."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def build(cover: Cover, cases: Sequence[CaseCopy], files: Mapping[str, bytes], passphrase: str) -> bytes:
    """Return the file: the PDF that people read, its data for machines and the pieces, encrypted together."""
    printed = typeset("access_pack.typ", _page(cover, cases), datetime.combine(cover.made_on, time(), UTC))
    attached = {"donnees.json": to_json(cover, cases), "donnees.xlsx": to_xlsx(_sheet(cases))} | dict(files)
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        for name, body in attached.items():
            pdf.attachments[name] = body
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            # An encrypted file, or one that holds others, is no archive: it no longer says that it is.
            for key in ("pdfaid:part", "pdfaid:conformance"):
                if key in metadata:
                    del metadata[key]
        output = io.BytesIO()
        pdf.save(
            output,
            encryption=pikepdf.Encryption(
                user=passphrase, owner=secrets.token_urlsafe(24), R=6, allow=pikepdf.Permissions(accessibility=True)
            ),
        )
    return output.getvalue()


def to_json(cover: Cover, cases: Sequence[CaseCopy]) -> bytes:
    """Return the portable data (docs/portability.md): French keys, ISO dates, codes as they are stored."""
    plain = {
        "format": FORMAT,
        "version": 1,
        "demande": cover.reference,
        "etabli_le": cover.made_on.isoformat(),
        "responsable": f"{cover.cellule}, {cover.caisse}",
        "dossiers": [
            {
                "reference": case.reference,
                "rubriques": [
                    {
                        "code": section.code,
                        "titre": section.title,
                        "elements": [
                            {"origine": record.title, "informations": [_information(found) for found in record.fields]}
                            for record in section.records
                        ],
                    }
                    for section in case.sections
                ],
            }
            for case in cases
        ],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1).encode()


def _information(field: Any) -> dict[str, Any]:
    return {
        "code": field.key.partition(":")[0].partition(".")[2],
        "intitule": field.title,
        "valeur": field.value,
        "texte": field.text,
    }


def _sheet(cases: Sequence[CaseCopy]) -> Sheet:
    rows = [
        (case.reference, section.title, record.title, field.title, field.text)
        for case in cases
        for section in case.sections
        for record in section.records
        for field in record.fields
    ]
    return Sheet("Mes données", ("Dossier", "Rubrique", "Origine", "Information", "Valeur"), rows)


def _page(cover: Cover, cases: Sequence[CaseCopy]) -> dict[str, Any]:
    made = cover.made_on
    return {
        "title": "La copie de vos données",
        "description": "Copie des données détenues par la cellule (RGPD, article 15)",
        "cellule": cover.cellule,
        "caisse": cover.caisse,
        "reference": f"Demande {cover.reference}",
        "date": f"Le {french.day(made)}",
        "made": {"year": made.year, "month": made.month, "day": made.day},
        "footer": f"{cover.cellule}. Copie de vos données, demande {cover.reference}. Document personnel.",
        "letter": _letter(cover),
        "missing": list(cover.missing),
        "about": _about(cover),
        "cases": [_case(case) for case in cases],
    }


def _letter(cover: Cover) -> list[str]:
    return [
        f"{cover.person},",
        f"Le {french.day(cover.received_on)}, vous avez demandé une copie des données que nous avons sur vous. "
        "La voici.",
        "Elle commence par dire d’où viennent ces données, à quoi elles servent, qui les a reçues et combien de temps "
        "nous les gardons. Viennent ensuite vos données, rubrique par rubrique, avec les mots que nous avons écrits.",
        "Les mêmes données sont jointes à ce fichier sous deux formes que lit un ordinateur : « donnees.xlsx » pour "
        "un tableur et « donnees.json » pour un autre service. Les pièces de votre dossier y sont jointes aussi. "
        "Votre lecteur de PDF les montre sous le nom de pièces jointes, avec un trombone.",
        "Si quelque chose est faux, dites-le-nous : nous le corrigerons, ou nous noterons votre désaccord.",
    ]


def _about(cover: Cover) -> list[dict[str, Any]]:
    recipients = [*cover.recipients] or ["Aucun organisme extérieur n’a reçu d’information sur vous."]
    return [
        {
            "title": "À quoi servent vos données",
            "text": [
                "Elles servent à vous accompagner pour garder ou retrouver un emploi malgré la maladie, et à examiner "
                "les dispositifs demandés pour vous. C’est une mission d’intérêt public (RGPD, article 6.1 e). Aucune "
                "décision n’est prise par un programme seul : il signale, des personnes décident."
            ],
        },
        {
            "title": "D’où elles viennent",
            "text": [
                "De vous, des services de l’Assurance Maladie, et des organismes avec lesquels vous avez accepté que "
                "nous échangions. Chaque rubrique dit de qui vient l’information."
            ],
        },
        {
            "title": "Qui les a reçues",
            "text": [
                "Les services de l’Assurance Maladie membres de la cellule : service social, service médical, action "
                "sociale de la CPAM, coordination. Chacun ne lit que ce qui concerne sa mission.",
                *recipients,
            ],
        },
        {
            "title": "Combien de temps nous les gardons",
            "text": [
                f"Jusqu’à 24{NBSP}mois après la clôture de votre dossier, sans nouveau contact de votre part, puis "
                "nous les effaçons. Le journal des consultations est gardé un an."
            ],
        },
        {
            "title": "Vos droits",
            "text": [
                "Vous pouvez faire corriger vos données, demander d’en limiter l’usage, vous opposer à leur usage "
                "pour une raison propre à votre situation, et retirer à tout moment un accord de partage. Écrivez au "
                "service qui vous accompagne ou au délégué à la protection des données de votre caisse.",
                "Si notre réponse ne vous convient pas, vous pouvez saisir la CNIL (3, place de Fontenoy, "
                "75007 Paris ; www.cnil.fr) ou le juge.",
            ],
        },
    ]


def _case(case: CaseCopy) -> dict[str, Any]:
    return {
        "title": f"Dossier {case.reference}",
        "sections": [
            {
                "title": section.title,
                "records": [
                    {
                        "title": record.title,
                        "long": sum(len(field.text) + 60 for field in record.fields) > _ONE_PAGE,
                        "fields": [{"title": field.title, "text": field.text} for field in record.fields],
                    }
                    for record in section.records
                ],
            }
            for section in case.sections
        ],
    }
