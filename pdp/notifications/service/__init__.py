"""Use cases of notices: leave them, read one's own, send the mails."""

from pdp.notifications.service.delivery import Delivered, deliver, purge
from pdp.notifications.service.digest import queue_digests
from pdp.notifications.service.figures import OutboxFigures, read_figures
from pdp.notifications.service.inbox import count_unread, list_notices, mark_all_seen, open_notice
from pdp.notifications.service.links import deliver_links, purge_links, queue_link
from pdp.notifications.service.notifying import notify
from pdp.notifications.service.reminding import last_told, remind

__all__ = [
    "Delivered",
    "OutboxFigures",
    "count_unread",
    "deliver",
    "deliver_links",
    "last_told",
    "list_notices",
    "mark_all_seen",
    "notify",
    "open_notice",
    "purge",
    "purge_links",
    "queue_digests",
    "queue_link",
    "read_figures",
    "remind",
]
