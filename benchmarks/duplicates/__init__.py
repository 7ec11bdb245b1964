"""Repeated rows and texts beside the peers, and what they do to scores.

Cross-validation: 900 rows of 2400 are copies of some of the other 1500, equal or moved
by a thousandth of a standard deviation; plain folds, folds that keep duplicates
together, and 4000 fresh rows. Leakage report: the test set holds copies of training
rows, and the interval of the clean rows' score should hold that of fresh ones.

Hidden errors: rows are repeated with their labels, right or wrong; average precision of
the wrong ones by out-of-fold self-confidence, twins in one fold or wherever.
"""

from benchmarks._problem import Part
from benchmarks.duplicates import evaluation

PARTS: dict[str, Part] = {
    "cross_validation": evaluation.FOLDS,
    "leakage_report": evaluation.REPORT,
    "hidden_errors": evaluation.HIDDEN,
}
