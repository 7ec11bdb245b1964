"""Repeated rows and texts beside the peers, and what they do to scores.

Texts: pairs that share most of their runs of five characters, beside rensa and
datasketch; what is found, beside all pairs; a million texts; records of FEBRL and
messages, which need ``--data``; and the threshold of chance on generated collections
without and with copies. Its constants were chosen on four families of them, the form of
the tail by looking at similarities in all but the last two; the others report.

Cross-validation: 900 rows of 2400 are copies of some of the other 1500, equal or moved
by a thousandth of a standard deviation; plain folds, folds that keep duplicates
together, and 4000 fresh rows. Leakage report: the test set holds copies of training
rows, and the interval of the clean rows' score should hold that of fresh ones.

Hidden errors: rows are repeated with their labels, right or wrong; average precision of
the wrong ones by out-of-fold self-confidence, twins in one fold or wherever.

Messages: exact and near repeats in sms_spam (needs ``--data``), and the score of a
linear model in plain folds and in folds that keep repeats together.

Copies: rows repeated with noise, of one row or of many, among 1000 rows.

Cleanlab: rows that cleanlab's rule accuses, by its name here and by the package (left
out if it is not installed), where hardly a row is a copy and where many are.

Entities: what the lens of rows that belong together says of tables whose rows do or do
not, beside the check of cleanlab's Datalab, and what random folds gain.
"""

from benchmarks._problem import Part
from benchmarks.duplicates import (
    copies,
    entities,
    evaluation,
    joins,
    messages,
    nearness,
    texts,
)

PARTS: dict[str, Part] = {
    "texts_speed": texts.SPEED,
    "texts_found": texts.FOUND,
    "texts_many": texts.MANY,
    "texts_persons": texts.PERSONS,
    "texts_chance": texts.CHANCE,
    "texts_messages": texts.MESSAGES,
    "cross_validation": evaluation.FOLDS,
    "leakage_report": evaluation.REPORT,
    "hidden_errors": evaluation.HIDDEN,
    "messages": messages.MESSAGES,
    "copies": copies.COPIES,
    "cleanlab": copies.CLEANLAB,
    "entities": entities.VERDICTS_PART,
    "entities_price": entities.PRICE_PART,
    "entities_apart": nearness.APART_PART,
    "entities_nearest": nearness.PATIENTS_PART,
    **joins.PARTS,
}
