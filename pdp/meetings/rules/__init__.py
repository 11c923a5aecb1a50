"""The rules of a séance, pure: quorum, tally, opinion, moves and agenda."""

from pdp.meetings.rules.opinion import Grounds, Proposal, QuorumFinding, propose
from pdp.meetings.rules.quorum import Quorum, QuorumRule, SeatPresence, quorum
from pdp.meetings.rules.tally import Ballots, CountedVote, Majority, Tally, tally

__all__ = [
    "Ballots",
    "CountedVote",
    "Grounds",
    "Majority",
    "Proposal",
    "Quorum",
    "QuorumFinding",
    "QuorumRule",
    "SeatPresence",
    "Tally",
    "propose",
    "quorum",
    "tally",
]
