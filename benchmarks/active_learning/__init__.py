"""What to label next: strategies, curation and review, beside the peers.

Review: wrong labels found by the queue, all at once and at random. Review intervals:
how often the interval for what remains holds, weak models among them. Review stopping:
what stopping loses and saves.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import review

PARTS: dict[str, Part] = {**review.PARTS}
