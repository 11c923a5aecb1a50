"""The partner's space: what an organisation shares, is asked, proposes and must do; and its own people.

The organisation's own manager (`Membership.is_org_manager`) invites people of the organisation and takes
them out, within the cellule of the membership in use; it sees no more of the cases than the others.
"""
