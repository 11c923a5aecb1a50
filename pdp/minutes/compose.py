"""Compose the complete minutes from the facts of the séance: pure, the same facts give the same value."""

from collections import Counter

from pdp.core import french
from pdp.core.french import NBSP
from pdp.minutes import words
from pdp.minutes.compose_item import compose_item
from pdp.minutes.document import (
    PUBLIC,
    Block,
    Column,
    Document,
    Heading,
    Line,
    Look,
    Mark,
    Meta,
    Paragraph,
    Point,
    Segment,
    Signature,
    Signatures,
    Table,
    Together,
    numbering,
)
from pdp.minutes.enums import (
    CAPACITY_NAMES,
    MODE_NAMES,
    STATE_NAMES,
    VOICE_NAMES,
    PresenceMode,
    PresenceState,
)
from pdp.minutes.facts import AttendanceFacts, MeetingFacts, Person, PointFacts
from pdp.policy.labels import Label


def compose(facts: MeetingFacts) -> Document:
    """Return the complete version of the minutes.

    Raises `ForbiddenLabel` if a fact carries a label that no minutes may hold, `IllegalText` if a
    text holds a control character, and `ValueError` if two points share a position.
    """
    _check_positions(facts)
    points = {point.position: compose_point(point) for point in facts.points}
    points |= {item.position: compose_item(item) for item in facts.items}
    blocks: list[Block] = [_opening(facts)]
    if facts.attendance:
        blocks.append(_attendance(facts))
    if facts.governance:
        blocks.append(Paragraph((Segment("Quorum. ", look=Look.STRONG), Segment(facts.governance))))
    blocks += [points[position] for position in sorted(points)]
    blocks.append(_closing(facts))
    return Document(_meta(facts), tuple(blocks))


def compose_point(point: PointFacts) -> Point:
    """Return an agenda point about no case; its discussion is for the complete version only."""
    line: Line = (numbering(point.position), Segment(point.title))
    blocks: list[Block] = [Heading(2, line)]
    if point.resolution:
        blocks.append(Paragraph((Segment(point.resolution),)))
    for reference in point.references:
        mark = Mark(Label.OPINION, item=reference.number, case=reference.case_id)
        blocks.append(Paragraph((Segment(reference.text, mark),)))
    if point.discussion:
        blocks.append(Paragraph((Segment(point.discussion, Mark(Label.BALLOT)),)))
    mark = Mark(item=point.position) if point.closed_doors else PUBLIC
    return Point(point.position, mark, tuple(blocks))


def _check_positions(facts: MeetingFacts) -> None:
    taken = Counter([point.position for point in facts.points] + [item.position for item in facts.items])
    doubled = [str(position) for position, times in taken.items() if times > 1]
    if doubled:
        raise ValueError(f"Deux points portent le même numéro dans l’ordre du jour : {', '.join(doubled)}.")


def _meta(facts: MeetingFacts) -> Meta:
    return Meta(
        cellule=facts.cellule,
        caisse=facts.caisse,
        number=facts.number,
        held_on=facts.held_on,
        composed_at=facts.composed_at,
        title=f"Procès-verbal de la {_what(facts)} du{NBSP}{french.weekday(facts.held_on)}",
        version="complète",
        version_line="Version complète",
        points_total=len(facts.points) + len(facts.items),
        fictitious=facts.fictitious,
    )


def _what(facts: MeetingFacts) -> str:
    return "consultation écrite" if facts.written else "séance"


def _held(facts: MeetingFacts) -> str:
    """Return when and where: a consultation from one instant to another, a séance within its day."""
    if facts.written:
        opened, ended = facts.opened_at, facts.written.ends_at
        return (
            f"Consultation écrite ouverte le {french.day(opened.date())} à {french.hour(opened)}, "
            f"terminée le {french.day(ended.date())} à {french.hour(ended)}"
        )
    times = [f"Séance ouverte à {french.hour(facts.opened_at)}"]
    if facts.closed_at:
        times.append(f"close à {french.hour(facts.closed_at)}")
    return ", ".join([*times, *filter(None, (facts.place, facts.mode))])


def _opening(facts: MeetingFacts) -> Paragraph:
    sentences = [_held(facts)]
    for function, person in (
        ("Présidence", facts.president),
        ("Secrétariat", facts.secretary),
    ):
        if person:
            sentences.append(f"{function}{NBSP}: {_name(person)}")
    return Paragraph(
        (Segment(" ".join(words.sentence(text) for text in sentences)),),
        role="opening",
    )


def _name(person: Person) -> str:
    return f"{person.name}, {person.function}" if person.function else person.name


def _attendance(facts: MeetingFacts) -> Together:
    columns = (
        Column("Siège", 21.7),
        Column("Voix", 11.4),
        Column("Tenu par", 45),
        Column("Présence", 21.9),
    )
    rows = tuple(_attendance_row(seat) for seat in facts.attendance)
    caption = "Présences par siège, avec la voix, la personne et la durée de présence"
    return Together((Heading(2, (Segment("Présences"),)), Table(caption, columns, rows)))


def _attendance_row(seat: AttendanceFacts) -> tuple[Line, ...]:
    label, holder = Segment(seat.seat), Segment(_holder(seat))
    if seat.sensitive:
        own = Mark(Label.BALLOT, owner=seat.organisation_id)
        label = Segment(seat.seat, own, fallback="Un partenaire")
        holder = Segment(_holder(seat), own, fallback="–")
    elif seat.proxy_of is not None:
        carrier = Mark(Label.BALLOT, owner=seat.proxy_of)
        holder = Segment(_holder(seat), carrier, fallback="pouvoir confié à un partenaire")
    return ((label,), (Segment(VOICE_NAMES[seat.voice]),), (holder,), (_presence(seat),))


def _presence(seat: AttendanceFacts) -> Segment:
    """Name the points in the complete version alone: in another one they would tell how many cases there were."""
    text, unnumbered = presence(seat), presence(seat, numbered=False)
    return Segment(text) if text == unnumbered else Segment(text, Mark(Label.BALLOT), fallback=unnumbered)


def _holder(seat: AttendanceFacts) -> str:
    if seat.holder is None:
        return "siège non tenu"
    capacity = f" ({CAPACITY_NAMES[seat.capacity]})" if seat.capacity else ""
    return ", puis ".join([*map(_name, seat.earlier), f"{_name(seat.holder)}{capacity}"])


def presence(seat: AttendanceFacts, *, numbered: bool = True) -> str:
    """Return the presence of a seat in words: « arrivée à 14 h 09, point 2, en visioconférence »."""
    if seat.mode is PresenceMode.WRITTEN:
        return "a répondu" if seat.state is PresenceState.PRESENT else "n’a pas répondu"
    if seat.state in (PresenceState.EXCUSED, PresenceState.ABSENT) and not seat.moves:
        return STATE_NAMES[seat.state]
    moves = [
        f"{move.word} à {french.hour(move.at)}" + (f", point{NBSP}{move.point}" if move.point and numbered else "")
        for move in seat.moves
    ]
    if moves and seat.state is PresenceState.REPRESENTED:
        moves.append(STATE_NAMES[seat.state])
    state = " ; ".join(moves).replace(" ;", f"{NBSP};") or STATE_NAMES[seat.state]
    return ", ".join(filter(None, (state, MODE_NAMES[seat.mode])))


def _closing(facts: MeetingFacts) -> Together:
    sentences = []
    if facts.closed_at and facts.written:
        sentences.append(f"Les avis sont enregistrés le {french.day(facts.closed_at.date())}.")
    elif facts.closed_at:
        sentences.append(f"La séance est close à {french.hour(facts.closed_at)}.")
    if facts.next_meeting_on:
        sentences.append(f"Prochaine séance{NBSP}: {french.weekday(facts.next_meeting_on)}.")
    blocks: list[Block] = [Heading(2, (Segment("Clôture"),))]
    if sentences:
        blocks.append(Paragraph((Segment(" ".join(sentences)),)))
    if facts.journal:
        # On paper it outlives any backup: the journal of that day can be held against it.
        line = f"Empreinte du journal{NBSP}: {facts.journal}."
        blocks.append(Paragraph((Segment(line, Mark(Label.JOURNAL), Look.MUTED),)))
    signers = (("Présidence de séance", facts.president), ("Secrétariat", facts.secretary))
    blocks.append(Signatures(tuple(Signature(role, _name(person) if person else "") for role, person in signers)))
    return Together(tuple(blocks), ruled=True)
