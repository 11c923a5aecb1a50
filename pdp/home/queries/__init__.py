"""What waits for a person, across features: counters, deadlines, the next séance."""

from pdp.home.queries.coming import find_next_meeting as find_next_meeting
from pdp.home.queries.common import CEILING as CEILING
from pdp.home.queries.common import ROWS as ROWS
from pdp.home.queries.counts import count_work as count_work
from pdp.home.queries.due import list_actions_due as list_actions_due
from pdp.home.queries.due import list_advice_awaited as list_advice_awaited
from pdp.home.queries.due import list_measure_ends as list_measure_ends
from pdp.home.queries.due import list_notices_due as list_notices_due
from pdp.home.queries.due import list_pieces_due as list_pieces_due
from pdp.home.queries.due import list_pieces_to_review as list_pieces_to_review
from pdp.home.queries.due import list_proposals as list_proposals
from pdp.home.queries.due import list_stoppage_ends as list_stoppage_ends
from pdp.home.queries.rows import ActionDue as ActionDue
from pdp.home.queries.rows import AdviceAwaited as AdviceAwaited
from pdp.home.queries.rows import Counts as Counts
from pdp.home.queries.rows import MeasureEnd as MeasureEnd
from pdp.home.queries.rows import NextMeeting as NextMeeting
from pdp.home.queries.rows import NoticeDue as NoticeDue
from pdp.home.queries.rows import PieceDue as PieceDue
from pdp.home.queries.rows import PiecesToReview as PiecesToReview
from pdp.home.queries.rows import ProposalToAnswer as ProposalToAnswer
from pdp.home.queries.rows import StoppageEnd as StoppageEnd
from pdp.home.queries.rows import Subject as Subject
