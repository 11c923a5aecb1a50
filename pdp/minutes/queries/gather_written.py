"""What the minutes say of written consultations: their own, and the line of each opinion in a séance's."""

from pdp.accounts.enums import Silence
from pdp.core import clock, french
from pdp.core.french import NBSP
from pdp.dispositifs.catalogue import sheet
from pdp.meetings.enums import MeetingKind, PointKind
from pdp.meetings.models import AgendaPoint, Meeting
from pdp.meetings.queries import WrittenOpinion
from pdp.minutes.facts import PointFacts, ReferenceFacts, WrittenFacts
from pdp.minutes.queries.load import LoadedMeeting
from pdp.minutes.readers import readers

# Beyond any position of an agenda: a reference is no point of it.
_FIRST = 100_000
_TAKEN_NOTE = "La cellule prend acte des avis rendus par consultation écrite depuis la séance précédente."
_ANSWERED = " Les sièges qui ont répondu par écrit comptent comme présents."
_SILENCE = {
    Silence.NOTHING: " Le silence ne vaut rien.",
    Silence.ASSENT: " Le silence d’un siège délibératif prévenu vaut accord.",
}


def written_facts(meeting: Meeting) -> WrittenFacts | None:
    """Return what a consultation says instead of a séance's hours; None for a séance."""
    return WrittenFacts(clock.local(meeting.ends_at)) if meeting.kind is MeetingKind.WRITTEN else None


def rules_in_words(loaded: LoadedMeeting) -> str:
    """Return what the quorum of a consultation adds to that of a séance."""
    written = loaded.meeting.kind is MeetingKind.WRITTEN
    return f"{_ANSWERED}{_SILENCE[loaded.rules.silence]}" if written else ""


def taken_note(loaded: LoadedMeeting, point: AgendaPoint, facts: PointFacts) -> PointFacts:
    """Return the point with the opinions given in writing, each for those who may read its case."""
    if point.kind is not PointKind.CONSULTATIONS:
        return facts
    open_ones = [one for one in loaded.written if one.item.request.case.restricted_on is None]
    return PointFacts(
        facts.position,
        facts.title,
        facts.resolution or _TAKEN_NOTE,
        facts.discussion,
        references=tuple(_reference(loaded, at, one) for at, one in enumerate(open_ones, start=_FIRST)),
    )


def _reference(loaded: LoadedMeeting, number: int, one: WrittenOpinion) -> ReferenceFacts:
    request, case = one.item.request, one.item.request.case
    on = french.day(clock.local(one.closed_at).date())
    text = f"{case.reference}, {sheet(request.dispositif).label}{NBSP}: {one.opinion.code.label.lower()}, le {on}."
    days = (clock.local(one.closed_at).date(), clock.today())
    found = {partner.id: readers(partner.id, partner.kind, loaded.cases[case.id], days) for partner in loaded.partners}
    return ReferenceFacts(number, case.public_id, text, {key: labels for key, labels in found.items() if labels})
