"""The one table of the tabs of a case page."""

from dataclasses import dataclass

from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.roles import PARTNER_ROLES, Role

NOTE_LABELS = (Label.PLAN, Label.SOCIAL, Label.REQUEST, Label.EMPLOYMENT, Label.RESTRICTIONS, Label.MEDICAL)

# The labels that a piece of the case may carry: never the NIR, a vote or the journal.
FILE_LABELS = (
    Label.IDENTITY,
    Label.EMPLOYMENT,
    Label.STOPPAGE,
    Label.ALLOWANCE,
    Label.MEDICAL,
    Label.CONCLUSION,
    Label.RESTRICTIONS,
    Label.BOETH,
    Label.SOCIAL,
    Label.PLAN,
    Label.REQUEST,
    Label.AGREEMENTS,
    Label.DECISION,
    Label.OUTCOME,
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: shown when one of `any_of` is readable (None: always), never to the roles of `closed_to`."""

    key: str
    title: str
    endpoint: str
    any_of: frozenset[Label] | None = None
    closed_to: frozenset[Role] = frozenset()


TABS: tuple[Tab, ...] = (
    Tab("summary", "Synthèse", "cases.show_case"),
    Tab("requests", "Demandes", "requests.case_requests", frozenset({Label.REQUEST})),
    Tab("documents", "Pièces", "documents.case_documents", frozenset(FILE_LABELS)),
    Tab("sharing", "Partage", "cases.show_sharing", closed_to=frozenset({Role.CSAM})),
    Tab("support", "Accompagnement", "cases.show_support", frozenset(NOTE_LABELS), frozenset({Role.CSAM})),
    Tab("measures", "Mesures", "measures.case_measures", frozenset({Label.OUTCOME})),
    Tab("outcomes", "Suivi", "outcomes.case_outcomes", frozenset({Label.OPINION, Label.DECISION, Label.OUTCOME})),
    Tab(
        "letters",
        "Courriers",
        "letters.case_letters",
        frozenset({Label.OPINION, Label.DECISION}),
        PARTNER_ROLES | {Role.CSAM},
    ),
    Tab("rights", "Droits", "privacy.case_rights", closed_to=PARTNER_ROLES | {Role.CSAM}),
    Tab("journal", "Journal", "cases.show_journal"),
)


def open_tabs(actor: Actor, readable: frozenset[Label]) -> tuple[str, ...]:
    """Return the keys of the tabs that an actor with these readable labels may open."""
    return tuple(
        tab.key for tab in TABS if actor.role not in tab.closed_to and (tab.any_of is None or tab.any_of & readable)
    )
