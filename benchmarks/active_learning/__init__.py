"""What to label next: strategies, curation and review, beside the peers.

Curation: a part of a table chosen by embeddings, as training data, by how near its rows
come to all others, by rules of balance and copies, and what choosing costs.

Review: wrong labels found by the queue, all at once and at random. Review intervals:
how often the interval for what remains holds, weak models among them. Review stopping:
what stopping loses and saves.

Select command: the command on files of a million embeddings, seconds and memory.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import curation, review, select_command

PARTS: dict[str, Part] = {
    "curation_quality": curation.QUALITY,
    "curation_coverage": curation.COVERAGE,
    "curation_rules": curation.RULES,
    "curation_cost": curation.COST,
    **review.PARTS,
    "select_command": select_command.PART,
}
