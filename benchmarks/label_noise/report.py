"""One machine, one thread. ``python -m benchmarks run label_noise`` measures again.

Speed: all calls in one process, interleaved; the answers are compared before any is
timed. Quality: wine, breast cancer, digits (1000 rows) and a synthetic table of seven
unequal classes, split by five seeds. Of the training rows, 70 % of all, a share of 10,
20 or 40 % gets wrong labels: at random ("symmetric"), by class ("pair") or where rows
resemble another class ("feature").
"""

from benchmarks._tables import Figure, targets_table
from benchmarks.label_noise import figures, summaries, targets

TITLE = "Label noise: measured"
PARTS = {
    "speed": (summaries.speed, targets.speed),
    "quality": (summaries.quality, targets.quality),
    "downstream": (summaries.downstream, targets.downstream),
    "harmless": (summaries.harmless, targets.harmless),
    "real": (summaries.real, lambda rows: []),
}
FIGURES = (
    Figure(
        "average_precision",
        "quality",
        "Mean average precision of the scores over the share of wrong labels.",
        figures.draw_average_precision,
    ),
    Figure(
        "speed",
        "speed",
        "How many times faster than cleanlab: median, and range over the repeats.",
        figures.draw_speed,
    ),
)


def tables(results):
    """Return the tables of the parts that have rows, the targets first."""
    found, demands = [], []
    for part, (summarise, demand) in PARTS.items():
        if part in results:
            found += summarise(results[part])
            demands += demand(results[part])
    return [*([targets_table(demands)] if demands else []), *found]
