"""Shifts: what is expected of a model on target rows, beside what it scores there.

Tables that are not bundled with scikit-learn are in the folder that ``--data`` names;
their shifts are left out without. Real: pairs of tables that differ, with the constants
that are shipped. Left out: the same, all chosen without the data set of the pair. Made:
P(y | x) kept. Concept: labels under a new rule, which no unlabelled row shows.
"""

from benchmarks.shift import target_performance

PARTS = {
    "performance_real": target_performance.REAL,
    "performance_left_out": target_performance.LEFT_OUT,
    "performance_made": target_performance.MADE_SHIFTS,
    "performance_concept": target_performance.CONCEPT,
}
