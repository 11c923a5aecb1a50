"""The life of a séance by mail: nothing personal in any source, one calendar entry each, no kind forgotten."""

from collections import defaultdict
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from pdp.accounts.models import Cellule
from pdp.cases.rules.search import fold
from pdp.dispositifs.enums import Dispositif
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from tests.notifications.builders import at_once
from tests.notifications.neutral import entries_of, source_of
from tests.notifications.scenario import Scenario
from tests.notifications.smtp import listening
from tests.output.test_names import names
from tests.support.databases import as_owner
from tests.support.world import World

# What the life of a séance does not send, by how its name begins: each kind goes to everybody in `test_neutral`.
ELSEWHERE = {
    "a case, its requests and its pieces": ("advice_", "proposal_", "document_", "sharing_", "recall_", "files_"),
    "an account and its means of signing in": (
        "account_",
        "access_",
        "emergency_",
        "factors_",
        "invitation",
        "passkey_",
        "password_",
        "recovery_",
    ),
    "what the insured ask, and how long files are kept": ("rights_", "pack_", "retention_"),
    "a letter made after the decision, with mails of its own": ("letter_",),
    "the life of a measure, after its decision": ("measure_",),
}


@pytest.mark.sqlite
def test_no_mail_of_the_life_of_a_seance_says_who_or_what_it_is_about(
    world: World, actor_of: Callable[[str], Actor], figure: Callable[[str, object], None]
) -> None:
    at_once()
    with listening() as (mailbox, _):
        scenario = Scenario(world, actor_of, mailbox)
        scenario.play()
    sent = {str(mail["Subject"]) for _, mail in mailbox.received}
    exercised = {kind for kind in NoticeKind if kind.label in sent}
    left = {kind for kind in NoticeKind if kind.value.startswith(tuple(sum(ELSEWHERE.values(), ())))}
    assert exercised | left == set(NoticeKind), sorted(set(NoticeKind) - exercised - left)
    assert exercised & left == set(), "the scenario sends it: take it off the list"
    forbidden = personal(scenario)
    for address, mail in mailbox.received:
        source = fold(source_of(mail, address))
        assert [word for word in forbidden if word in source] == [], source
    entries = entries_of(mailbox.received)
    lives = defaultdict(list)
    for entry in entries:
        lives[entry.address, entry.uid].append(entry)
    assert {len({address for address, uid in lives if uid == each}) for _, each in lives} == {1}, "one's own entry"
    for life in lives.values():
        steps = [(entry.sequence, entry.method) for entry in life]
        assert steps == sorted(steps), steps
        assert steps[0] == (0, "REQUEST")
        assert steps[-1][1] == "CANCEL", "the séance was cancelled"
        assert {entry.fields["SUMMARY"] for entry in life} == {"Séance de la cellule PDP"}
    figure(
        "mails.scenario",
        f"{len(mailbox.received)} mails of {len(exercised)} kinds from the planning to the recall, "
        f"{len(entries)} calendar files of {len(lives)} entries: 0 of {len(forbidden)} personal words",
    )


def personal(scenario: Scenario) -> set[str]:
    """Return what no mail may hold: every text planted, every name, and what a case is about."""
    planted = {fold(word.text) for word in scenario.whole.mint.words if word.label != "existence"}
    about = {fold(kind.label) for kind in Dispositif}
    with as_owner() as session:
        public = {fold(cellule.name) for cellule in session.query(Cellule)}
    found = planted | names(scenario.world) | about | {"arret de travail", "184127645108946"}
    assert len(planted) > 100
    return found - public


@pytest.mark.parametrize("place", ["subject", "header", "body", "calendar", "file name"])
def test_the_source_of_a_mail_is_read_whatever_its_encoding(place: str) -> None:
    mail = EmailMessage()
    secret, said = "Élodie Carrère", dict.fromkeys(("subject", "header", "body", "calendar", "file name"), "rien")
    said[place] = secret
    mail["To"], mail["Subject"], mail["X-Note"] = "cpam.a@example.org", said["subject"], said["header"]
    mail.set_content(f"Bonjour {said['body']}", cte="quoted-printable")
    # A calendar folds its lines where it likes.
    folded = f"SUMMARY:{said['calendar'][:5]}\r\n {said['calendar'][5:]}\r\n"
    mail.add_attachment(folded.encode(), maintype="text", subtype="calendar", filename=f"{said['file name']}.ics")
    received = message_from_bytes(mail.as_bytes(), policy=default)
    assert fold(secret) in fold(source_of(received, "cpam.a@example.org"))
