"""Use cases of the partner's space."""

from pdp.partners.service.invitations import Welcome, accept, cancel, invite, read_invitation
from pdp.partners.service.people import People, read_member, read_people, remove
from pdp.partners.service.space import Space, read_space

__all__ = [
    "People",
    "Space",
    "Welcome",
    "accept",
    "cancel",
    "invite",
    "read_invitation",
    "read_member",
    "read_people",
    "read_space",
    "remove",
]
