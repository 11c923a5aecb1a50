"""Who may read what, from the access matrix and the words of the access notes; nothing of the policy's code.

The matrix is `tests/access/access_matrix.csv`. Each rule below that is not in it quotes the notes.
"""

import csv
from pathlib import Path

from pdp.accounts.enums import PARTNER_KINDS
from pdp.cases.enums import Stage
from tests.access.canary.people import Person
from tests.access.canary.situations import SITUATIONS, Situation
from tests.access.canary.tokens import Canary
from tests.access.canary.world import CanaryWorld

_MATRIX_FILE = Path(__file__).parents[1] / "access_matrix.csv"
# « csam cells hold during triage; afterwards identity and employment, read only. »
_CSAM_AFTER_TRIAGE = {"identity", "employment"}
_READS = {"R", "RW", "R+own"}
_READS_IF_AGREED = {"A", "AW"}


def _read() -> dict[tuple[str, str], str]:
    with _MATRIX_FILE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    return {(role, row["label"]): row[role] for row in rows for role in row if role not in {"label", "meaning"}}


MATRIX = _read()


def knows_of(person: Person, key: str, situation: Situation) -> bool:
    """Tell whether a person may know that a case exists.

    « cases of the cellule » for the core and the CSAM, « cases shared with their organisation » for a
    partner, « none » for the others; a restricted case has named readers only.
    """
    if key != "a" or person.role in {"pilotage", "dpo", "admin"}:
        return False
    # « déport (conflict of interest) that removes the person from vote, quorum and file »
    if person.name in situation.recused:
        return False
    if situation.restricted and person.name not in situation.readers:
        return False
    if person.is_partner:
        return person.role in situation.kinds and bool(situation.agreed)
    return True


def reads(person: Person, key: str, situation: Situation, label: str) -> bool:
    """Tell whether a person reads a label of a case as a whole; `own` is not decided here."""
    if not knows_of(person, key, situation):
        return False
    written = MATRIX[person.role, label]
    if person.role == "csam" and situation.stage is not Stage.TRIAGE:
        return label in _CSAM_AFTER_TRIAGE
    # « Within an SPST only a member flagged médecin du travail reads `conclusion`. »
    if person.role == "spst" and label == "conclusion" and not person.is_physician:
        return False
    # « O: the owning assistant de service social and their manager de proximité only. »
    if written == "O":
        return person.role == "manager" or person.name == situation.referent
    if written in _READS_IF_AGREED:
        return label in {agreed.value for agreed in situation.agreed}
    return written in _READS


class Oracle:
    """Answers for one person of the cellule `a`."""

    def __init__(self, canaries: CanaryWorld, person: Person) -> None:
        self.person = person
        self.user_id = canaries.world.user[f"a.{person.name}"]
        (membership,) = [row for row in canaries.rows["membership"] if row["user_id"] == self.user_id]
        self.membership_id, self.organisation_id = membership["id"], membership["organisation_id"]
        self._known: dict[tuple[str | None, str], bool] = {}

    def may_read(self, canary: Canary) -> bool:
        """Tell whether the person may meet a value, on whatever page."""
        special = getattr(self, f"_{canary.label.partition(' ')[0]}", None)
        if special is not None:
            return bool(special(canary))
        return self._reads(canary, canary.label)

    def reads_of(self, canary: Canary, label: str) -> bool:
        """Tell whether the person reads another label of the case that a value belongs to."""
        return self._reads(canary, label)

    def _reads(self, canary: Canary, label: str) -> bool:
        key = (canary.case, label)
        if key not in self._known:
            cellule, _, name = (canary.case or "").partition(".")
            self._known[key] = bool(name) and reads(self.person, cellule, SITUATIONS[name], label)
        return self._known[key]

    def _knows(self, canary: Canary) -> bool:
        cellule, _, name = (canary.case or "").partition(".")
        return name in SITUATIONS and knows_of(self.person, cellule, SITUATIONS[name])

    def _secret(self, _canary: Canary) -> bool:
        """Nobody reads what only serves the machine."""
        return False

    def _technical(self, _canary: Canary) -> bool:
        """A code of the machine says nothing of anybody."""
        return True

    def _own(self, canary: Canary) -> bool:
        """What concerns one account is its holder's alone; what concerns a case under this name is no account's."""
        return canary.row.get("user_id") == self.user_id

    def _rights(self, canary: Canary) -> bool:
        """The register of what the insured ask: who may answer for a case, the coordination, and the DPO for all."""
        if self.person.role == "dpo":
            return canary.cellule == "a"
        return self.person.role in {"service_social", "manager", "coordinateur"} and self._knows(canary)

    def _restriction(self, canary: Canary) -> bool:
        """Why a case is restricted is known to those who open it, in the core."""
        return self.person.is_core and self._knows(canary)

    def _emergency(self, canary: Canary) -> bool:
        """The reason of an emergency access is read by the DPO and by the core that opens the case."""
        return self.person.role == "dpo" or self._restriction(canary)

    def _watch(self, canary: Canary) -> bool:
        """What is watched of accounts is the DPO's."""
        return self.person.role == "dpo" and canary.cellule == "a"

    def _advice(self, canary: Canary) -> bool:
        """What is asked of partners is of the label `request`: the core's, and the organisations' that are asked."""
        return self._reads(canary, "request")

    def _reply(self, canary: Canary) -> bool:
        """An answer is its organisation's; the core reads them once all are in or the time is up."""
        if self.person.is_partner:
            return self._knows(canary) and canary.row.get("_replier_id") == self.organisation_id
        return self._reads(canary, "request")

    def _register(self, canary: Canary) -> bool:
        """The register of what left is the core's; a partner reads what left towards its organisation."""
        return self._sharing(canary)

    def _directory(self, canary: Canary) -> bool:
        """People, organisations and seats of a cellule are known to its people.

        The core also knows the other cellules by name: an emergency access begins with choosing one.
        """
        if canary.table == "cellule" and canary.column == "name" and self.person.is_core:
            return True
        return canary.cellule == "a" or (canary.table == "organisation" and self._signed_here(canary))

    def _signed_here(self, canary: Canary) -> bool:
        """An organisation of elsewhere is known to the core through the agreement signed with it (case « abroad »).

        The copy of a person's data names in full those who received some (RGPD, art. 15.1.c).
        """
        named = canary.column in {"short_name", "name"}
        return self.person.is_core and named and canary.row["kind"] in PARTNER_KINDS

    def _existence(self, canary: Canary) -> bool:
        """The reference of a case is known to whoever may know of it, and to the DPO, who reads the journal by it.

        A member of the core who declared a conflict of interest reads it on the agenda.
        """
        cellule, _, name = (canary.case or "").partition(".")
        aside = name in SITUATIONS and self.person.name in SITUATIONS[name].recused
        if aside and self.person.is_core and cellule == "a":
            return True
        return self._knows(canary) or (self.person.role == "dpo" and canary.cellule == "a")

    def _seance(self, canary: Canary) -> bool:
        """A séance is known to the core, and to a partner with a request on its agenda that it may read."""
        return canary.cellule == "a" and (self.person.is_core or self.person.is_partner)

    def _notes(self, canary: Canary) -> bool:
        """What is noted of a point about no case is the core's: it stands in the complete minutes alone."""
        return canary.cellule == "a" and self.person.is_core

    def _objection(self, canary: Canary) -> bool:
        """« in words for the coordinator »: whoever objects reads their own again."""
        return canary.row["user_id"] == self.user_id or (self.person.role == "coordinateur" and canary.cellule == "a")

    def _sharing(self, canary: Canary) -> bool:
        """The core reads the agreements of a case, a partner its own organisation's while it holds."""
        if self.person.is_core:
            return self._knows(canary)
        return self.person.is_partner and self._knows(canary) and self._of_mine(canary)

    def _of_mine(self, canary: Canary) -> bool:
        return canary.row.get("organisation_id") == self.organisation_id

    def _finding(self, canary: Canary) -> bool:
        """What a rule answered is of the label `request`: the core, which votes on it, reads all of it.

        A partner reads what is said of a fact whose label it reads.
        """
        if not self._reads(canary, "request"):
            return False
        return self.person.is_core or self._reads(canary, canary.label.partition(" ")[2])

    def _vote(self, canary: Canary) -> bool:
        """« before closing nobody reads another seat's vote in own-device and written modes ».

        Afterwards the vote of a seat is also its organisation's: « own organisation's figures ».
        """
        mine = canary.row["membership_id"] == self.membership_id and self._knows(canary)
        if not canary.row["_closed"]:
            return mine
        ours = canary.row["_organisation_id"] == self.organisation_id and self._knows(canary)
        return mine or ours or self._reads(canary, "ballot")

    def _action(self, canary: Canary) -> bool:
        """A partner reads the actions of its own organisation: `own`."""
        if self.person.is_partner:
            return self._knows(canary) and canary.row["owner_organisation_id"] == self.organisation_id
        return self._reads(canary, "action")
