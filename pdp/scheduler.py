"""The jobs of the installation, declared here and run by one elected process (`pdp scheduler`).

Each job is a function without argument that may be run twice without harm: it works on rows that it locks
and that say themselves whether they are done. No job runs between 01:00 and 04:00: the night of a change of
time repeats or skips hours there.
"""

import os
import signal
from threading import Event, Thread

from pdp.accounts.jobs import purge_sign_ins
from pdp.audit import jobs as audit
from pdp.audit.anchors import EVERY_MINUTES
from pdp.consent.jobs import end_due
from pdp.consultations import jobs as consultations
from pdp.convocations import jobs as convocations
from pdp.documents.jobs import scan_waiting
from pdp.federation.jobs import purge_returns
from pdp.measures import jobs as measures
from pdp.meetings import jobs as meetings
from pdp.members import jobs as members
from pdp.minutes import jobs as minutes
from pdp.notifications import jobs as notifications
from pdp.operations import jobs as operations
from pdp.operations.enums import Days
from pdp.operations.registry import Job
from pdp.operations.rules import at, every
from pdp.privacy import jobs as privacy
from pdp.retention import jobs as retention

JOBS: tuple[Job, ...] = (
    Job("notifications.deliver", "Envoi des courriels", every(1), notifications.deliver),
    Job("minutes.run", "Envoi des procès-verbaux et fin des délais d’objection", every(1), minutes.run),
    Job("audit.write_anchors", "Ancrage du journal", every(EVERY_MINUTES), audit.write_anchors),
    Job("documents.scan_waiting", "Contrôle des pièces par l’antivirus", every(5), scan_waiting),
    Job("consultations.run", "Ouverture, rappels et fin des consultations écrites", every(1), consultations.run),
    Job("consent.end_due", "Fin des accords de partage", at("00:05"), end_due),
    Job("accounts.purge_sign_ins", "Oubli des anciennes connexions", at("04:10"), purge_sign_ins),
    Job("federation.purge_returns", "Oubli des retours de fournisseurs d’identité", at("04:15"), purge_returns),
    Job(
        "notifications.digest",
        "Récapitulatifs par courriel",
        at("08:00", "13:30", days=Days.WORKING),
        notifications.queue_digests,
    ),
    Job("notifications.purge", "Oubli des anciens courriels", at("04:20"), notifications.purge),
    Job("operations.purge_slots", "Oubli des anciens passages", at("04:25"), operations.purge_slots),
    Job("privacy.end_packs", "Fin des copies non remises", at("04:40"), privacy.end_packs),
    Job(
        "audit.destroy_old_segments",
        "Destruction des mois échus du journal",
        at("04:50", days=Days.FIRST_OF_MONTH),
        audit.destroy_old_segments,
    ),
    # Before the day begins, so that what is hidden or erased is so for everybody.
    Job("retention.run", "Conservation des dossiers", at("05:15"), retention.run),
    Job("members.close_dormant", "Fermeture des comptes sans usage", at("06:10"), members.close_dormant),
    Job("members.run_reviews", "Revue des accès", at("06:20"), members.run_reviews),
    Job("meetings.follow_actions", "Réserves échues et rappels des actions", at("06:45"), meetings.follow_actions),
    Job("convocations.warn_quorum", "Alertes de quorum avant les séances", at("07:30"), convocations.warn_quorum),
    Job("measures.tell_limits", "Alertes avant les échéances des mesures", at("06:40"), measures.tell_limits),
    Job("privacy.remind_due", "Rappels des demandes de droits", at("06:30"), privacy.remind_due),
)


def run(*, attached: bool = False) -> None:
    """Stand by, lead when elected, until the process is told to stop; `attached`, until its parent ends as well."""
    from pdp.operations.running import Elected

    stop, parent = Event(), os.getppid()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: stop.set())
    if attached:
        Thread(target=_stop_with, args=(parent, stop), daemon=True).start()
    Elected(JOBS).run(stop)


def _stop_with(parent: int, stop: Event) -> None:
    while os.getppid() == parent and not stop.wait(1):
        pass
    stop.set()
