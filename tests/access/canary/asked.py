"""What is asked besides the address: the query strings of each page, searches included."""

from collections.abc import Iterator

from tests.access.canary.world import CanaryWorld

# Words of the filters of a page, by endpoint.
FILTERS: dict[str, tuple[dict[str, str], ...]] = {
    "cases.list_cases": (
        {"etape": "triage"},
        {"etape": "closed"},
        {"axe": "PDP"},
        {"statut": "salarie"},
        {"miens": "1"},
        {"apres": "2999-01-01"},
    ),
    "cases.show_case": ({"parcours": "tableau"},),
    "cases.show_journal": ({"page": "2"},),
    "requests.new": ({"dispositif": "essai_encadre"},),
    "dispositifs.simulator": ({"profil": "salarie"},),
    "meetings.vote": ({"changer": "1"},),
    "retention.list_cases": ({"etat": "masques"}, {"etat": "suspendus"}),
    "outcomes.record": ({"statut": "salarie"},),
}
# Forms that search: what tells one case from another is typed there, for a case of each kind.
SEARCHES = {"cases.search_cases": "q"}
_TYPED = (
    ("insured_person", "family_name"),
    ("insured_person", "nir"),
    ("insured_person", "search_key"),
    ("case_file", "reference"),
)
_SOUGHT = ("a.mine", "a.few", "a.nameless", "a.discreet", "b.all")
# One case is enough for what a query string changes on a page of a case.
_ONCE = "a.all"


def asked(endpoint: str, case: str | None) -> Iterator[dict[str, str]]:
    """Yield the query strings of a page, the empty one first."""
    yield {}
    if case in (None, _ONCE):
        yield from FILTERS.get(endpoint, ())


def typed(canaries: CanaryWorld, endpoint: str) -> Iterator[dict[str, str]]:
    """Yield what is sent to a form: nothing, which most of them answer by a page, then what is sought."""
    yield {}
    if endpoint in SEARCHES:
        for canary in canaries.canaries.values():
            if (canary.table, canary.column) in _TYPED and canary.case in _SOUGHT:
                yield {SEARCHES[endpoint]: canary.value}
