"""The demo world as a whole: built once, listed, and written out."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from sqlalchemy import select

from pdp.accounts import queries as accounts
from pdp.accounts.models import Cellule
from pdp.core import clock, db
from pdp.demo.advice import ask_partners
from pdp.demo.agenda import plan_year
from pdp.demo.cases import load_cases
from pdp.demo.compartments import restrict_a_case
from pdp.demo.consultations import consult_in_writing
from pdp.demo.convocations import convene
from pdp.demo.corrections import correct_a_vote, refuse_a_correction
from pdp.demo.documents import load_documents
from pdp.demo.identities import link_an_identity
from pdp.demo.letters import write_letters
from pdp.demo.meeting import PastMeeting, follow_up, plan_next
from pdp.demo.members import open_reviews
from pdp.demo.merging import enter_people_twice
from pdp.demo.minutes import send_minutes
from pdp.demo.moments import Moments
from pdp.demo.notices import inform_people
from pdp.demo.oversight import notice_refusals
from pdp.demo.people import load_people, seed
from pdp.demo.recovery import lose_a_telephone
from pdp.demo.requests import load_requests
from pdp.demo.retention import end_some_cases
from pdp.demo.rights import ask_for_rights
from pdp.demo.sharing import end_a_sharing
from pdp.minutes.models import MinutesFile

Step = Callable[[str], AbstractContextManager[None]]


def is_built() -> bool:
    """Tell whether the demo's cellule is already stored."""
    with db.reading() as session:
        return (
            session.scalars(select(Cellule.id).where(Cellule.code == seed("cellule")["cellule"]["code"])).first()
            is not None
        )


def _quietly(_text: str) -> AbstractContextManager[None]:
    return nullcontext()


def build_world(step: Step = _quietly) -> None:
    """Build the whole demo world: people, cases, requests, the séance held, the one to come."""
    moments = Moments(clock.today())
    with step("Cellule, organisations, people and seats"):
        people = load_people()
    with step("Fifteen cases, nine of them the practical cases of the national booklet"):
        cases = load_cases(people, moments)
    with step("Requests, agreements and documents"):
        requests = load_requests(people, moments, cases)
    with step("Pieces of the cases, two of them awaiting their referent"):
        load_documents(people, moments, cases, requests)
    with step("A whole séance: agenda, presence, ballots, opinions, minutes"):
        held = PastMeeting(people, moments, requests).play()
    with step("Minutes sent to their recipients, opened by two, recalled from one"):
        send_minutes(people, moments, held)
    with step("A vote corrected by two persons after its ballot closed"):
        correct_a_vote(people, moments, requests)
    with step("Decisions, outcomes, and the agenda of the next séance"):
        follow_up(people, moments, requests)
        coming = plan_next(people, moments, requests)
        plan_year(people, moments, coming)
    with step("Letters: a refusal to send, one that a partner received"):
        write_letters(people, moments, requests)
    with step("Two written consultations: one closed with its minutes, one under way"):
        consult_in_writing(people, moments, cases)
    with step("A correction of an opinion, proposed and refused"):
        refuse_a_correction(people, moments)
    with step("Convocations of the next séance, sent and mostly answered"):
        convene(people, moments, coming)
    with step("Opinions asked of partners, one of them late"):
        ask_partners(people, moments, requests)
    with step("A case restricted to named readers, and read in an emergency"):
        restrict_a_case(people, moments, cases)
    with step("A sharing withdrawn, and the files that it lets ask back"):
        end_a_sharing(people, moments, cases)
    with step("Accesses to confirm, and an account without use"):
        open_reviews(people, moments)
    with step("Requests of the insured on their data: one late, one being prepared, one answered"):
        ask_for_rights(people, moments, cases)
    with step("A telephone lost, and a recovery that one of two persons vouched for"):
        lose_a_telephone(people)
    with step("Information notices, an information contested, and a person whose processing is restricted"):
        inform_people(people, moments, cases)
    with step("Cases whose time is nearly over, one hidden, one kept for a dispute"):
        end_some_cases(people)
    with step("A record entered twice, and another merged by two people"):
        enter_people_twice(people, moments, cases)
    with step("An identity of a provider, linked to an account"):
        link_an_identity(people, moments)
    with step("An alert of the journal, for the data-protection officer"):
        notice_refusals(people, moments)


def list_accounts() -> list[tuple[str, str, str]]:
    """Return the demo accounts: role, name, job."""
    with db.reading():
        people = accounts.list_everyone(clock.today())
    return [(person.role_label, person.user.full_name, person.user.job_title) for person in people]


def write_outputs(folder: Path) -> list[Path]:
    """Write every file of the minutes under a folder; return their paths."""
    with db.reading() as session:
        files = session.execute(select(MinutesFile.file_name, MinutesFile.body).order_by(MinutesFile.id)).all()
    paths = []
    for name, body in files:
        paths.append(folder / name)
        paths[-1].write_bytes(body)
    return paths
