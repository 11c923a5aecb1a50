"""Words of convocations."""

from pdp.core.enums import Labelled


class Answer(Labelled):
    """What a person convened answers."""

    ROOM = "room", "Vient, en salle"
    REMOTE = "remote", "Vient, à distance"
    AWAY = "away", "Ne vient pas"
    SUBSTITUTE = "substitute", "Envoie son suppléant"
    OTHER_TIME = "other_time", "Demande un autre horaire"


class AnswerChannel(Labelled):
    """How an answer came."""

    LINK = "link", "par le lien du courriel"
    SITE = "site", "dans l’application"
    PHONE = "phone", "par téléphone, saisie par la coordination"
