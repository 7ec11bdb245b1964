"""What to label next: strategies, curation and review, beside the peers.

Curation: a part of a table chosen by embeddings, as training data, by how near its rows
come to all others, by rules of balance and copies, and what choosing costs.

Select command: the command on files of a million embeddings, seconds and memory.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import curation, select_command

PARTS: dict[str, Part] = {
    "curation_quality": curation.QUALITY,
    "curation_coverage": curation.COVERAGE,
    "curation_rules": curation.RULES,
    "curation_cost": curation.COST,
    "select_command": select_command.PART,
}
