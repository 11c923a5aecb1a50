"""Why a file is not kept: a code for the journal, and a sentence that says what to do next."""

from pdp.core.enums import Labelled

_PDF = "Enregistrez-la en PDF, ou photographiez-la, puis recommencez."


class Reason(Labelled):
    """A reason and its sentence."""

    EMPTY = "empty", "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis recommencez."
    TOO_LARGE = (
        "too_large",
        "Ce fichier est trop lourd. Numérisez la pièce moins finement, ou partagez-la en deux, puis recommencez.",
    )
    NAME = (
        "name",
        "Le nom de ce fichier contient un caractère ou un chemin interdit. "
        "Renommez-le simplement, par exemple « piece.pdf », puis recommencez.",
    )
    ENDING = (
        "ending",
        "La terminaison du nom de ce fichier ne correspond pas à son contenu. "
        "Ouvrez-le, enregistrez-le de nouveau dans son format, puis recommencez.",
    )
    FORMAT = "format", f"Ce format n’est pas accepté pour une pièce. {_PDF}"
    DAMAGED = (
        "damaged",
        "Ce fichier est incomplet ou abîmé. Ouvrez-le sur votre poste, enregistrez-le de nouveau, puis recommencez.",
    )
    ENCRYPTED = (
        "encrypted",
        "Ce fichier est protégé par un mot de passe ou chiffré. Enregistrez-en une copie sans protection, "
        "puis recommencez.",
    )
    MACROS = "macros", f"Cette pièce contient un programme (macro). {_PDF}"
    EMBEDDED = "embedded", f"Cette pièce contient un autre fichier ou un objet incorporé. {_PDF}"
    EXTERNAL = "external", f"Cette pièce va chercher un contenu ailleurs quand on l’ouvre. {_PDF}"
    ENTITIES = "entities", f"Cette pièce contient des définitions interdites. {_PDF}"
    ACTIVE = (
        "active",
        "Ce PDF contient une action automatique, un script ou un formulaire dynamique. "
        "Imprimez-le dans un nouveau PDF, puis recommencez.",
    )
    BOMB = "bomb", f"Cette pièce prendrait une place démesurée une fois ouverte. {_PDF}"
    TRAILING = (
        "trailing",
        "Des données étrangères suivent la fin de ce fichier. Ouvrez-le, enregistrez-le de nouveau, puis recommencez.",
    )
    IMAGE_SIZE = (
        "image_size",
        "Cette image est trop grande. Réduisez sa taille ou numérisez la pièce en PDF, puis recommencez.",
    )
    MARKUP = "markup", f"Cette pièce contient du code de page web ou de programme. {_PDF}"
    TEXT = "text", f"Ce texte contient des caractères qui ne se lisent pas. {_PDF}"


class Unfit(Exception):
    """The file may not be kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
