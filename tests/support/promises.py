"""What the product promises, the test that proves it, and the figure that the test last printed.

`make promises` runs the tests and writes docs/promises.md from this table and those figures.
"""

from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "promises.md"

# promise → (the test that proves it, the figure it prints)
PROMISES: dict[str, tuple[str, str]] = {
    "What is late is told 7, 14 and 21 working days after its date, over holidays and Sundays": (
        "tests/meetings/test_escalation.py",
        "actions.calendar",
    ),
    "Each reminder of what is late is told once, wider and wider": (
        "tests/meetings/test_conditions.py",
        "actions.escalation",
    ),
    "A condition past its day brings its request back once": ("tests/meetings/test_conditions.py", "conditions.back"),
    "After a closing, two persons correct what counts, and nothing recorded changes": (
        "tests/meetings/test_corrections.py",
        "corrections.table",
    ),
    "Confirmations of a correction at once count once": (
        "tests/meetings/test_correction_races.py",
        "corrections.races",
    ),
    "Words of the body or of private life are told, those of the trade are not": (
        "tests/core/test_intimate.py",
        "wording.sentences",
    ),
    "No value of a letter is read as a template, and no template computes": (
        "tests/letters/test_template.py",
        "letters.values",
    ),
    "A letter to a partner holds what it may read, and nothing else": (
        "tests/letters/test_letters.py",
        "letters.partner",
    ),
    "A sheet of a séance is one page, whatever is written in the case": (
        "tests/packs/test_one_page.py",
        "packs.one_page",
    ),
    "Forty sheets come in a few seconds, in as many statements as two": ("tests/packs/test_pages.py", "packs.forty"),
    "The pack of a recipient holds nothing that they may not read": (
        "tests/access/canary/test_packs.py",
        "packs.canaries",
    ),
    "The clocks of a measure agree with a second reckoning on three calendars": (
        "tests/measures/test_deadlines.py",
        "measures.deadlines",
    ),
    "A version of the minutes leaves once, whatever the processes": ("tests/minutes/test_sending.py", "minutes.sent"),
    "A whole séance is driven by the keyboard alone": ("tests/journeys/test_room.py", "room.keyboard"),
    "Two people who type in one note lose nothing": ("tests/journeys/test_room.py", "room.note"),
    "The consoles, the room and the voters agree within two seconds of each act, and with the rows at the end": (
        "tests/journeys/great_seance/test_great_seance.py",
        "seance.twelve",
    ),
    "So do they in a séance of forty requests with eight telephones": (
        "tests/journeys/great_seance/test_great_seance.py",
        "seance.forty",
    ),
    "The minutes of those forty requests hold for each of six recipients what is its own, sealed": (
        "tests/journeys/great_seance/test_great_seance.py",
        "seance.papers",
    ),
    "Any walk through a séance by its forms agrees with a short model": (
        "tests/meetings/test_machine.py",
        "seance.machine",
    ),
    "Convocations update and cancel one calendar entry, and hold no personal data": (
        "tests/convocations/test_mails.py",
        "convocations.mails",
    ),
    "Nothing that the life of a séance sends by mail says who or what it is about": (
        "tests/notifications/test_scenario.py",
        "mails.scenario",
    ),
    "The minutes of a full séance hold for each recipient what is its own, and nothing else": (
        "tests/minutes/test_six_recipients.py",
        "minutes.recipients",
    ),
    "One byte changed in sealed minutes is found": ("tests/core/test_seal.py", "seal.flipped"),
    "The seal is added after the minutes: what is under it is the same each time": (
        "tests/minutes/test_seal.py",
        "seal.under",
    ),
    "Merging and undoing lose and mix nothing": ("tests/merging/test_machine.py", "merging.machine"),
    "A merge undone restores both records": ("tests/merging/test_steps.py", "merging.round_trip"),
    "Two merges at once never double a person": ("tests/merging/test_races.py", "merging.races"),
    "A hidden homonym changes no answer": ("tests/merging/test_leakage.py", "merging.leak"),
    "No way in opens without two factors of different kinds": ("tests/factors/test_paths.py", "factors.paths"),
    "A one-time code serves once, whatever the process that takes it": ("tests/factors/test_totp.py", "totp.race"),
    "A one-time code is accepted within a step of the clock, to the second": (
        "tests/factors/test_totp.py",
        "totp.edges",
    ),
    "Six digits are not guessed, and no account is locked for good": ("tests/factors/test_totp.py", "totp.guesses"),
    "A token known before a step of the sign-in opens nothing after it": (
        "tests/factors/test_fixation.py",
        "factors.fixation",
    ),
    "Every grave act refuses an old proof, then goes on without losing a field": (
        "tests/access/test_step_up.py",
        "step_up.endpoints",
    ),
    "No altered answer of a passkey opens anything": ("tests/factors/test_forged_passkeys.py", "passkeys.forged"),
    "Of four processes given the same answer of a passkey, one goes on": (
        "tests/factors/test_forged_passkeys.py",
        "passkeys.replay",
    ),
    "A passkey is made and used in a real Chromium, with the keyboard alone": (
        "tests/journeys/test_passkeys.py",
        "passkeys.chromium",
    ),
    "Two right persons bring an account back, and no other pair": ("tests/policy/test_vouching.py", "recovery.pairs"),
    "Nobody comes back with one person, or with the password alone": (
        "tests/factors/test_recovery.py",
        "recovery.two_persons",
    ),
    "Partners asked for an opinion read nothing of each other before all are in or time is up": (
        "tests/advice/",
        "advice.independent",
    ),
    "After a withdrawal, a term or the end of a case, no path tells a partner anything of it": (
        "tests/consent/test_ends.py",
        "sharing.ends",
    ),
    "The copy of a person's data holds every value of theirs": (
        "tests/access/canary/test_access_pack.py",
        "pack.complete",
    ),
    "The copy of a person's data holds nothing of anybody else": (
        "tests/access/canary/test_access_pack.py",
        "pack.foreign",
    ),
    "Every column about a person is in their copy, or left out with a reason": (
        "tests/privacy/test_shelves.py",
        "pack.columns",
    ),
    "Who hands a copy over cannot open it": ("tests/privacy/test_register_pages.py", "pack.opens"),
    "Each step of a request and of its copy is open to the roles of a table written by hand": (
        "tests/privacy/test_roles.py",
        "rights.roles",
    ),
    "The deadline of a request is the one read from a calendar": (
        "tests/privacy/test_deadlines.py",
        "rights.deadlines",
    ),
    "While a person's processing is restricted, no path tells a partner anything; lifting it opens them again": (
        "tests/privacy/test_freezing.py",
        "freeze.paths",
    ),
    "PostgreSQL itself shares no row of a frozen person": ("tests/reliability/test_row_security.py", "rls.frozen"),
    "A restriction recorded in one process shuts the other on the next request": (
        "tests/reliability/test_freezing_elsewhere.py",
        "freeze.processes",
    ),
    "Who is to be informed on which day follows a table written by hand": (
        "tests/privacy/test_informing.py",
        "notices.table",
    ),
    "What the person contests is marked for exactly those who read the label": (
        "tests/privacy/test_rectification.py",
        "rectification.marks",
    ),
    "Every file that left towards a partner is in the register": (
        "tests/consent/test_register.py",
        "sharing.register",
    ),
    "« Qui voit quoi » says what the access matrix says": ("tests/consent/test_who_sees.py", "sharing.who_sees"),
    "An encrypted value moved, cut or altered does not open": ("tests/core/test_crypto.py", "crypto.pasted"),
    "A rotation of the keys that is killed resumes, and no value is ever unreadable": (
        "tests/keys/test_rotation.py",
        "keys.rotation",
    ),
    "Every emergency access is traced, announced, read-only and over after sixty minutes": (
        "tests/cases/test_emergency.py",
        "emergency.traced",
    ),
    "Partners never read the name of a sensitive partner": ("tests/access/test_masked_names.py", "names.masked"),
    "Every stored column carries a security label or a technical mark": (
        "tests/house/test_columns.py",
        "columns.labels",
    ),
    "Each of the 95 eligibility rules answers as a table written by hand says": (
        "tests/dispositifs/",
        "eligibility.cells",
    ),
    "A partner sees a case only with an agreement in force: SQL and Python agree": (
        "tests/access/test_visibility_twins.py",
        "visibility.twins",
    ),
    "The policy reads labels as the access matrix says": ("tests/access/test_labels.py", "visibility.cells"),
    "No route opens to a role that is not granted it": ("tests/access/test_routes.py", "routes.tried"),
    "No unsafe route accepts a request without its token": ("tests/access/test_routes.py", "routes.csrf"),
    "24 voters and closers at once: nothing lost, doubled or accepted after closing": (
        "tests/meetings/test_ballot_attack.py",
        "ballot.attack",
    ),
    "A secret ballot leaves the same rows whatever the order of its votes, and whoever gave them": (
        "tests/meetings/test_ballot_modes.py",
        "ballot.secret",
    ),
    "Each written case of the quorum gives its figures": ("tests/meetings/test_quorum.py", "quorum.cases"),
    "Each written case of the count gives its majority": ("tests/meetings/test_tally_cases.py", "tally.cases"),
    "Whoever owns the database but not the keys cannot change the journal unseen": (
        "tests/audit/test_tampering.py",
        "journal.tampering",
    ),
    "Eight writers at once break no chain of the journal": ("tests/audit/test_chain.py", "journal.race"),
    "The journal's months end whole, with a certificate, and never before a year": (
        "tests/audit/test_retention.py",
        "journal.retention",
    ),
    "A partner who walks its cases is told of, then stopped": ("tests/oversight/test_watch.py", "oversight.mass"),
    "No mail tells who or what it is about, whatever its kind and its recipient": (
        "tests/notifications/test_neutral.py",
        "mails.neutral",
    ),
    "A mail leaves once, and never to someone who may no longer know": (
        "tests/notifications/test_delivery.py",
        "mails.delivered",
    ),
    "A process killed between the sending of a mail and the line that says so sends the same one again": (
        "tests/notifications/test_processes.py",
        "mails.killed",
    ),
    "What piled up for a person is one mail that counts and links": (
        "tests/notifications/test_digest.py",
        "mails.digest",
    ),
    "Each slot of a job runs once, whichever of four processes leads, dies or loses its lock": (
        "tests/operations/test_election.py",
        "scheduler.election",
    ),
    "A night that repeats or skips an hour doubles and loses no job": (
        "tests/operations/test_taking.py",
        "scheduler.nights",
    ),
    "No text becomes a formula in a spreadsheet, and none is cut": ("tests/core/test_export.py", "export.cells"),
    "Each case of an exported list is journaled as read": ("tests/cases/test_export_pages.py", "export.journal"),
    "No title, address or file name holds the name of a person": ("tests/output/test_names.py", "output.names"),
    "A route that breaks shows and logs nothing of what was under way": (
        "tests/output/test_errors.py",
        "errors.canaries",
    ),
    "Nothing typed can forge a line of the log": ("tests/core/test_logs.py", "logs.injection"),
    "A list of cases costs the same number of statements whatever its length": ("tests/cases/", "cases.list.queries"),
    "A séance of 40 requests and 8 votes each costs a constant number of statements": (
        "tests/meetings/",
        "meetings.console.queries",
    ),
    "A recipient's minutes hold nothing it may not read, in PDF, DOCX and ODT": (
        "tests/minutes/",
        "minutes.canaries",
    ),
    "Every page is reached by a link, parses as HTML and passes axe": (
        "tests/journeys/test_every_page.py",
        "pages.axe",
    ),
    "129 hostile files are refused, honest ones are kept": ("tests/documents/test_corpus.py", "documents.hostile"),
    "Each role opens the pieces that the access matrix gives it": (
        "tests/documents/test_access.py",
        "documents.access",
    ),
    "No piece opens before the antivirus has clearly answered": (
        "tests/documents/test_antivirus.py",
        "documents.scan",
    ),
    "A whole séance is held in a real browser, from planning to the three formats": (
        "tests/journeys/test_seance.py",
        "journey.seance",
    ),
    "Every page, as every role, at every case: nobody meets a value that the access matrix denies, nor misses one": (
        "tests/access/canary/test_walk.py",
        "canary.cells",
    ),
    "What a person may not know changes no byte of an answer": (
        "tests/access/canary/test_two_worlds.py",
        "two_worlds.answers",
    ),
    "No form takes a column that it does not declare": (
        "tests/access/test_mass_assignment.py",
        "mass_assignment.fields",
    ),
    "No unsafe route accepts what another site sends": ("tests/access/test_routes.py", "routes.origin"),
    "A phished Cap emploi account is told of, then stopped": ("tests/access/test_phished.py", "phished.walk"),
    "Each bug planted on purpose turns its tests red": ("tests/planted/test_planted_bugs.py", "planted.bugs"),
    "Typed as the application's role, SQL changes nothing that is voted, decided or journalled": (
        "tests/reliability/test_refused_sql.py",
        "rls.refused",
    ),
    "Without a context PostgreSQL shows no row of any case": ("tests/reliability/test_row_security.py", "rls.rows"),
    "A partner's raw SQL reads what hangs on its shared cases only": (
        "tests/reliability/test_row_security.py",
        "rls.partner",
    ),
    "Raw files, write-ahead logs and dumps hold no social security number, no medical or social text": (
        "tests/reliability/test_raw_bytes.py",
        "raw.bytes",
    ),
    "An erased person leaves no word in the rows": (
        "tests/retention/canary/test_raw_bytes.py",
        "retention.rows",
    ),
    "An erased person leaves no word in the raw files": (
        "tests/retention/canary/test_raw_bytes.py",
        "retention.bytes",
    ),
    "An erasure changes no neighbour": (
        "tests/retention/canary/test_erasure.py",
        "retention.neighbours",
    ),
    "Statistics are the same after an erasure": (
        "tests/retention/test_running.py",
        "retention.statistics",
    ),
    "A clock wrong by ten years erases nothing": (
        "tests/retention/test_running.py",
        "retention.clock",
    ),
    "A restored backup is purged again": (
        "tests/retention/test_running.py",
        "retention.reapply",
    ),
    "What one process takes away, three others refuse from their next request on": (
        "tests/reliability/test_revocation.py",
        "revocation.processes",
    ),
    "An account without use is warned, then closed, and one sign-in wakes it": (
        "tests/members/test_dormant.py",
        "accounts.dormant",
    ),
    "The list of accesses takes the same statements whatever its length": (
        "tests/members/test_people.py",
        "members.queries",
    ),
    "No malformed answer of an identity provider opens anything, nor says why": (
        "tests/federation/test_refusals.py",
        "oidc.malformed",
    ),
    "A hostile identity provider takes over no account, whatever address it copies": (
        "tests/federation/test_hostile.py",
        "oidc.takeover",
    ),
    "No claim of an identity provider gives a right": ("tests/federation/test_hostile.py", "oidc.claims"),
    "Nobody has a person link an identity that is not theirs": (
        "tests/federation/test_linking.py",
        "oidc.linking_csrf",
    ),
    "Nobody learns whether an address has an account: same status, page, statements and hash operations": (
        "tests/accounts/test_same_answers.py",
        "accounts.same_answers",
    ),
    "No sign-in opens before its person accepted the undertaking in force": (
        "tests/accounts/test_undertaking.py",
        "accounts.undertaking",
    ),
    "Of ten thousand guesses on one account in an hour, hardly any is looked at": (
        "tests/accounts/test_throttle.py",
        "accounts.guesses.one",
    ),
    "Two hundred sources guess hardly faster than one": ("tests/accounts/test_throttle.py", "accounts.guesses.many"),
    "An account under attack opens to its holder’s browser": ("tests/accounts/test_throttle.py", "accounts.honest"),
    "Four processes count the same tries": ("tests/reliability/test_own_account.py", "accounts.shared_limits"),
    "A sign-in ended from one’s account serves nothing more, in four processes": (
        "tests/reliability/test_own_account.py",
        "accounts.ended",
    ),
    "Production refuses to start on a PostgreSQL whose walls are down": (
        "tests/reliability/test_boot.py",
        "boot.refusals",
    ),
}


def last_figures() -> dict[str, str]:
    """Return the figures that the page holds, so that a run of a few tests keeps the others."""
    rows = [line.strip("|").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    return {PROMISES[row[0].strip()][1]: row[2].strip() for row in rows if row[0].strip() in PROMISES}


def render(figures: Mapping[str, str]) -> str:
    """Return the page; a promise whose figure was not printed says so."""
    lines = [
        "<!-- Written by `make promises`; do not edit. -->",
        "",
        "# What the product promises, and what proves it",
        "",
        "| Promise | Proof | Last figure |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {promise} | `{proof}` | {figures.get(key, 'not printed')} |" for promise, (proof, key) in PROMISES.items()
    ]
    return "\n".join(lines) + "\n"
