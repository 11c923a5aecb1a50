"""Count of the votes: deliberative and consultative apart, majority and tie."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pdp.accounts.enums import Voice
from pdp.meetings.enums import OpinionCode, VoteValue
from pdp.meetings.rules import secret
from pdp.meetings.rules.words import plural

_IN_FAVOUR = (VoteValue.FOR, VoteValue.FOR_WITH_CONDITIONS)


class Majority(StrEnum):
    """What the deliberative votes decide."""

    CARRIED = "CARRIED"
    REJECTED = "REJECTED"
    TIED = "TIED"


@dataclass(frozen=True, slots=True)
class CountedVote:
    """The answer that holds for one seat of the electorate; None when the seat did not vote."""

    seat: int
    voice: Voice
    value: VoteValue | None


@dataclass(frozen=True, slots=True)
class Ballots:
    """The count of one kind of voice. `conditions` are among those in favour."""

    in_favour: int = 0
    conditions: int = 0
    against: int = 0
    abstain: int = 0
    recused: int = 0
    silent: int = 0

    @property
    def seats(self) -> int:
        """Return the number of seats counted."""
        return self.in_favour + self.against + self.abstain + self.recused + self.silent

    @property
    def words(self) -> str:
        """Say the figures: « 3 pour, dont 1 sous conditions ; 0 contre ; 1 abstention »."""
        conditions = f", dont {self.conditions} sous conditions" if self.conditions else ""
        parts = [f"{self.in_favour} pour{conditions}", f"{self.against} contre"]
        parts += [plural(self.abstain, "abstention")] if self.abstain else []
        parts += [plural(self.recused, "déport")] if self.recused else []
        parts += [f"{plural(self.silent, 'siège')} sans vote"] if self.silent else []
        return " ; ".join(parts)


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of a ballot. `by_chair` says that the chair's vote settled a tie."""

    deliberative: Ballots
    consultative: Ballots
    majority: Majority
    by_chair: bool
    sentence: str
    consultative_sentence: str

    @property
    def running(self) -> str:
        """Say, while votes are still awaited, what is already certain; the conclusion once none is."""
        awaited, lead = self.deliberative.silent, self.deliberative.in_favour - self.deliberative.against
        if not awaited:
            return self.sentence.split(". ", 1)[1]
        last = "quel que soit le dernier vote" if awaited == 1 else f"quels que soient les {awaited} derniers votes"
        if lead > awaited:
            return f"La majorité est acquise, {last}."
        if -lead > awaited:
            return f"La majorité n’est pas acquise, {last}."
        return f"Rien n’est acquis : {plural(awaited, 'vote')} attendu{'s' if awaited > 1 else ''}."


def tally(votes: Iterable[CountedVote], *, chair_seat: int | None = None, casting_vote: bool = True) -> Tally:
    """Count the votes of the electorate.

    The majority is more *pour*, with or without conditions, than *contre* among the deliberative votes
    cast. On a tie the chair's own vote prevails if it is deliberative and was *pour* or *contre*, where
    the cellule gives a casting vote; otherwise the tie stands and the item is adjourned.
    """
    counted = tuple(votes)
    deliberative = _count(vote for vote in counted if vote.voice is Voice.DELIBERATIVE)
    consultative = _count(vote for vote in counted if vote.voice is Voice.CONSULTATIVE)
    majority, by_chair = _majority(deliberative), False
    if majority is Majority.TIED and casting_vote:
        settled = _chair_says(counted, chair_seat)
        majority, by_chair = settled or majority, settled is not None
    return Tally(
        deliberative,
        consultative,
        majority,
        by_chair,
        f"{deliberative.words}. {_conclusion(deliberative, majority, by_chair)}",
        f"Voix consultatives : {consultative.words}." if consultative.seats else "",
    )


def tally_secret(counters: str, *, recused: Mapping[Voice, int], seats: Mapping[Voice, int]) -> Tally:
    """Return the result of a secret ballot from its counters and the number of its seats, by voice.

    Nobody knows what the chair voted, so that a tie stands: the item is adjourned.
    """
    found = {
        voice: _figures(counters, voice, recused.get(voice, 0), seats.get(voice, 0))
        for voice in (Voice.DELIBERATIVE, Voice.CONSULTATIVE)
    }
    deliberative, consultative = found[Voice.DELIBERATIVE], found[Voice.CONSULTATIVE]
    majority = _majority(deliberative)
    conclusion = _conclusion(deliberative, majority, by_chair=False)
    if majority is Majority.TIED and deliberative.in_favour:
        conclusion = "Égalité : le vote étant secret, la voix du président ne départage pas. L’avis est ajourné."
    return Tally(
        deliberative,
        consultative,
        majority,
        False,
        f"{deliberative.words}. {conclusion}",
        f"Voix consultatives : {consultative.words}." if consultative.seats else "",
    )


def tally_agreed(proposed: OpinionCode) -> Tally:
    """Return the result of an agreement without a vote: no figure, the proposal stands."""
    favourable = proposed in (OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS)
    return Tally(
        Ballots(),
        Ballots(),
        Majority.CARRIED if favourable else Majority.REJECTED,
        False,
        f"Avis conforme, sans vote. Personne n’a demandé de vote sur l’avis proposé, « {proposed.label} ».",
        "",
    )


def _figures(counters: str, voice: Voice, recused: int, seats: int) -> Ballots:
    figures = secret.read(counters)
    in_favour, against, abstain = (figures[voice, value] for value in secret.VALUES)
    return Ballots(
        in_favour=in_favour,
        against=against,
        abstain=abstain,
        recused=recused,
        silent=seats - recused - in_favour - against - abstain,
    )


def _count(votes: Iterable[CountedVote]) -> Ballots:
    values = [vote.value for vote in votes]
    return Ballots(
        in_favour=sum(value in _IN_FAVOUR for value in values),
        conditions=values.count(VoteValue.FOR_WITH_CONDITIONS),
        against=values.count(VoteValue.AGAINST),
        abstain=values.count(VoteValue.ABSTAIN),
        recused=values.count(VoteValue.RECUSED),
        silent=values.count(None),
    )


def _majority(count: Ballots) -> Majority:
    if count.in_favour == count.against:
        return Majority.TIED
    return Majority.CARRIED if count.in_favour > count.against else Majority.REJECTED


def _chair_says(votes: tuple[CountedVote, ...], chair_seat: int | None) -> Majority | None:
    for vote in votes:
        if vote.seat != chair_seat or vote.voice is not Voice.DELIBERATIVE:
            continue
        if vote.value in _IN_FAVOUR:
            return Majority.CARRIED
        if vote.value is VoteValue.AGAINST:
            return Majority.REJECTED
    return None


def _conclusion(count: Ballots, majority: Majority, by_chair: bool) -> str:
    if majority is Majority.TIED:
        nobody = count.in_favour == 0
        return "Aucune voix ne s’est exprimée : l’avis est ajourné." if nobody else "Égalité : l’avis est ajourné."
    carried = majority is Majority.CARRIED
    if by_chair:
        return f"Égalité : la voix du président, {'pour' if carried else 'contre'}, l’emporte."
    return "La majorité est acquise." if carried else "La majorité n’est pas acquise."
