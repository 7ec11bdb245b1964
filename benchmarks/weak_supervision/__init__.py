"""Votes of annotators and labelling functions: labels, speed, and what they are worth.

Beside crowd-kit, cleanlab and Snorkel, with the defaults of each and no setting chosen
by gold labels; where one does not answer the cells are empty and the table says why.
Accuracies: five sets of annotators' votes. Intervals: whether they hold the accuracies.
Functions: three sets of labelling functions. Speed: one process, one thread,
interleaved. Memory: what a vote takes. Recovery and many: votes drawn from a known
model. End to end: comments below videos, an end model on the labels that the functions
make, and on gold labels alone. Votes and texts are not included (``--data`` names their
folder), nor are the peers (``pip install snorkel crowd-kit cleanlab``).
"""

from benchmarks.weak_supervision import (
    crowds,
    end_to_end,
    functions,
    memory,
    simulation,
    speed,
)

PARTS = {
    "accuracies": crowds.ACCURACY,
    "intervals": crowds.INTERVALS,
    "functions": functions.PART,
    "speed": speed.PART,
    "memory": memory.PART,
    "recovery": simulation.RECOVERY,
    "many": simulation.MANY,
    "end_to_end": end_to_end.PART,
}
