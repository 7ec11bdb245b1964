"""Training data unlike the data met in use: what is found, estimated and mended.

Detection: tables drawn alike, with missing cells and categories, and four designs in
which they differ; rows of a series, of which the later ones are the target rows; and
what a large table costs.

Label: class shares of target rows, estimated by each method, and what moving
predictions to them is worth. Digits, wine and breast cancer are drawn by class from
rows not trained on, synthetic tables by design; the shares are drawn (Dirichlet), one
class has half of the rows, or a rare class becomes frequent or rarer.

Learners and constants were chosen on the half "tuning" and are judged on the half
"report", of other seeds.
"""

from benchmarks.shift import detection, label_shift

PARTS = {
    "null": detection.NULL,
    "power": detection.POWER,
    "series": detection.SERIES,
    "speed": detection.SPEED,
    "label": label_shift.PART,
}
