"""What to label next: strategies, curation and review, beside the peers.

Next step: whether the better of a review and of new rows is named, and gains are as
large as foretold. Real tables need ``--data``; each is left out without.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import next_step

PARTS: dict[str, Part] = {
    "next_step": next_step.PART,
}
