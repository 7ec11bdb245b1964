"""What to label next: strategies, curation and review, beside the peers.

Strategies: area under the learning curve of what each one asks for, less that of random
rows. Bank marketing, mammography, electricity, gas sensors and text messages are in the
folder that ``--data`` names, and left out without; so are peers that are not installed.

Curation: a part of a table chosen by embeddings, as training data, by how near its rows
come to all others, by rules of balance and copies, and what choosing costs.

Curves: the interval of the gain in area over random rows, on tables drawn anew; "random
again" draws at random too. Stops: where each stopping rule would have stopped a
simulated labelling, what share of the labels it uses, and what this costs in accuracy.
Gains: what more labels bring, foretold by a power law and met. Constants were chosen on
the tables of the half "tuned"; the others report.

Review: wrong labels found by the queue, all at once and at random. Review intervals:
how often the interval for what remains holds, weak models among them. Review stopping:
what stopping loses and saves.

Next step: which of relabelling and labelling is named, and whether the intervals of
their gains hold, on tables of which constants were chosen on one half.

Select command: the command on files of a million embeddings, seconds and memory.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import (
    curation,
    curves,
    next_step,
    pool,
    review,
    select_command,
    speed,
    strategies,
)

PARTS: dict[str, Part] = {
    "speed": speed.PART,
    "speed_large": speed.LARGE,
    "strategies": strategies.PART,
    "pool": pool.CLEAN,
    "pool_planted": pool.POWER,
    "pool_speed": pool.SPEED,
    "curation_quality": curation.QUALITY,
    "curation_coverage": curation.COVERAGE,
    "curation_rules": curation.RULES,
    "curation_cost": curation.COST,
    "curves": curves.CURVES,
    "stops": curves.STOPS,
    "gains": curves.GAINS,
    **review.PARTS,
    "select_command": select_command.PART,
    "next_step": next_step.PART,
}
