"""What to label next: strategies, curation and review, beside the peers.

Curves: the interval of the gain in area over random rows, on tables drawn anew; "random
again" draws at random too. Stops: where each stopping rule would have stopped a
simulated labelling, what share of the labels it uses, and what this costs in accuracy.
Gains: what more labels bring, foretold by a power law and met. Settings of stopping
rules were chosen on the tables of the half "tuned"; the others report. Tables of the
folder that ``--data`` names are left out without.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import curves

PARTS: dict[str, Part] = {
    "curves": curves.CURVES,
    "stops": curves.STOPS,
    "gains": curves.GAINS,
}
