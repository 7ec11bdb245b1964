"""Repeated rows and texts beside the peers, and what they do to scores.

Entities: what the lens of rows that belong together says of tables whose rows do or do
not, beside the check of cleanlab's Datalab, and what random folds gain.
"""

from benchmarks._problem import Part
from benchmarks.duplicates import entities

PARTS: dict[str, Part] = {
    "entities": entities.VERDICTS_PART,
    "entities_price": entities.PRICE_PART,
}
