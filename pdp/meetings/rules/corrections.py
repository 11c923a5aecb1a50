"""A correction after a ballot closed: who may decide it until when, and where the request goes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pdp.core.calendar import Territory, add_working_days
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.meetings.enums import BallotStatus, CorrectionState, OpinionCode, VoteChannel, VoteValue
from pdp.requests.enums import RequestAction, RequestStatus

# How many working days the second person has.
ANSWER_DAYS = 5

# Where an opinion leaves the request, and the move that a correction makes to get there.
LEFT_IN: Mapping[OpinionCode, RequestStatus] = {
    OpinionCode.FAVOURABLE: RequestStatus.OPINION_GIVEN,
    OpinionCode.FAVOURABLE_WITH_CONDITIONS: RequestStatus.OPINION_GIVEN,
    OpinionCode.UNFAVOURABLE: RequestStatus.OPINION_GIVEN,
    OpinionCode.NO_OBJECT: RequestStatus.OPINION_GIVEN,
    OpinionCode.ADJOURNED: RequestStatus.ADJOURNED,
    OpinionCode.REORIENTED: RequestStatus.REORIENTED,
}
_MOVES = {
    RequestStatus.OPINION_GIVEN: RequestAction.CORRECT_TO_OPINION,
    RequestStatus.ADJOURNED: RequestAction.CORRECT_TO_ADJOURNED,
    RequestStatus.REORIENTED: RequestAction.CORRECT_TO_REORIENTED,
}

_SAME_HAND = (
    "Vous avez proposé cette rectification : une autre personne du noyau doit la confirmer. "
    "Demandez-le à un membre qui a accès au dossier et ne s’est pas déporté."
)
_DECIDED = "Cette rectification a déjà reçu sa réponse. Rechargez la page pour la lire."
_TOO_LATE = "Le délai pour répondre est passé. Si l’erreur est toujours là, proposez la rectification de nouveau."
_NEWCOMER = (
    "Votre accès à la cellule a été ouvert le jour de cette proposition ou après : une personne qui l’avait déjà "
    "la veille doit la confirmer."
)
_TOOK_NO_PART = (
    "Vous n’avez pas pris part à ce dossier : vous ne pouvez ni proposer, ni confirmer, ni refuser sa rectification."
)
_NOT_VOTED = (
    "Ce point n’a pas été mis aux voix : il n’y a pas de vote à rectifier. "
    "Inscrivez la demande à une prochaine séance."
)
_NO_OPINION = "L’avis sur ce point n’est pas encore enregistré : enregistrez-le, puis proposez sa rectification."
_DECISION = (
    "L’organisme a déjà pris sa décision sur cette demande : l’avis ne se rectifie plus. "
    "La personne peut former un recours, ou une nouvelle demande peut être créée."
)
_MOVED_ON = (
    "La demande a suivi son cours depuis cet avis. Inscrivez-la à une prochaine séance : la cellule y rendra un "
    "nouvel avis."
)
_FROZEN = (
    "Le traitement des informations de cette personne est limité, à sa demande : rien n’est rectifié avant la levée "
    "de cette limitation."
)
_UNKNOWN_VOTES = (
    "Un vote secret ne se rectifie pas : personne ne sait qui a répondu quoi. Une nouvelle séance peut revoter."
)
_AGREED = "Cet avis a été rendu sans vote : il n’y a pas de vote à rectifier."
_OWN_DEVICE = "Le vote du siège « {label} » a été donné par la personne sur son appareil : il ne se rectifie pas."
_NOTHING = "Rien ne change : indiquez le vote, la présence ou l’avis qui est inexact."


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted for a seat of the electorate; `value` is None when nobody answered for it."""

    seat: int
    label: str
    value: VoteValue | None
    channel: VoteChannel | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item and its request stand when a correction is proposed or confirmed."""

    ballot: BallotStatus | None
    opinion: OpinionCode | None
    status: RequestStatus
    # This opinion is the newest one on the request.
    newest: bool
    decided: bool
    frozen: bool


def answer_by(proposed_on: date, territory: Territory = Territory.METROPOLE) -> date:
    """Return the last day on which the second person may answer."""
    return add_working_days(proposed_on, ANSWER_DAYS, territory)


def check_correctable(standing: Standing) -> OpinionCode:
    """Return the opinion that may be corrected. Raises `RuleViolation` with the next step."""
    if standing.ballot is not BallotStatus.CLOSED:
        raise RuleViolation(_NOT_VOTED)
    if standing.opinion is None:
        raise RuleViolation(_NO_OPINION)
    if standing.decided:
        raise RuleViolation(_DECISION)
    if standing.frozen:
        raise RuleViolation(_FROZEN)
    if not standing.newest or standing.status is not LEFT_IN[standing.opinion]:
        raise RuleViolation(_MOVED_ON)
    return standing.opinion


def check_answer(state: CorrectionState, until: datetime, now: datetime) -> None:
    """Refuse a second answer, or one given too late. Raises `RuleViolation`."""
    if state is CorrectionState.EXPIRED or (state is CorrectionState.WAITING and now > until):
        raise RuleViolation(_TOO_LATE)
    if state is not CorrectionState.WAITING:
        raise RuleViolation(_DECIDED)


def check_second(proposed_by: int, confirms: int, access_since: date, proposed_on: date) -> None:
    """Refuse who proposed, and an access opened since, which the first person might have had opened.

    An access is dated by its day: one of the day of the proposal may have come after it.
    """
    if proposed_by == confirms:
        raise RuleViolation(_SAME_HAND)
    if access_since >= proposed_on:
        raise RuleViolation(_NEWCOMER)


def check_took_part(*, recused: bool) -> None:
    """Refuse who took no part in the vote: a déport holds for its correction. Raises `RuleViolation`."""
    if recused:
        raise RuleViolation(_TOOK_NO_PART)


def changed_votes(
    counted: Collection[Counted], wanted: Mapping[int, VoteValue | None], *, secret: bool, agreed: bool
) -> dict[int, VoteValue | None]:
    """Return what really changes among the answers wanted. Raises `RuleViolation` for a vote that stays."""
    changes = {one.seat: one for one in counted if one.seat in wanted and wanted[one.seat] is not one.value}
    if changes and secret:
        raise RuleViolation(_UNKNOWN_VOTES)
    if changes and agreed:
        raise RuleViolation(_AGREED)
    for one in changes.values():
        if one.channel is VoteChannel.OWN_DEVICE:
            raise RuleViolation(_OWN_DEVICE.format(label=one.label))
    return {seat: wanted[seat] for seat in changes}


def check_something(votes: Collection[int], before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Refuse a correction that corrects nothing. Raises `InvalidInput`."""
    if not votes and before == after:
        raise InvalidInput({"_form": [_NOTHING]})


def move_to(former: OpinionCode, code: OpinionCode) -> RequestAction | None:
    """Return the move of the request that the corrected opinion asks for; None when it stays where it is."""
    return None if LEFT_IN[former] is LEFT_IN[code] else _MOVES[LEFT_IN[code]]
