"""Repeated rows and texts beside the peers, and what they do to scores.

Copies: rows repeated with noise, of one row or of many, among 1000 rows.

Cleanlab: rows that cleanlab's rule accuses, by its name here and by the package (left
out if it is not installed), where hardly a row is a copy and where many are.
"""

from benchmarks._problem import Part
from benchmarks.duplicates import copies

PARTS: dict[str, Part] = {
    "copies": copies.COPIES,
    "cleanlab": copies.CLEANLAB,
}
