"""Training data unlike the data met in use: what is found, estimated and mended.

Where constants were chosen, columns say on which designs, seeds or data sets; the
others report. Tables that scikit-learn does not bundle are in the folder that
``--data`` names, and are left out without. So are other libraries that are missing
(``pip install densratio skada quapy adapt tensorflow``).

Selection: a search under covariate shift, whose choice is judged on labelled target
rows.

Real shifts: a model trained on one hospital, two batches of sensors, the first years of
a market or four videos, and used on the next. What the lens says, the accuracy that is
expected without labels beside the true one, and what remedies are worth; without labels
of target rows and with some. Where labels are given, accuracies are of the others.

Handles: what it costs that target rows travel along in searches.

Label: class shares of target rows, estimated by each method, and what moving
predictions to them is worth. Digits, wine and breast cancer are drawn by class from
rows not trained on, synthetic tables by design; the shares are drawn (Dirichlet), one
class has half of the rows, or a rare class becomes frequent or rarer. These target rows
are few rows drawn many times, so intervals hold less often than they should.

Label intervals: how often they hold the shares where every row is a new one, of three
normal classes.

Label peers: the shares of digits by quapy, on its own folds of the same model. Its
calibration (bcts) is that of the package abstention.

Density quality: weights where the true density ratio is known. On the Gaussian designs
also the accuracy, on target rows, of a misspecified logistic regression fitted with
them.

Density speed: seconds of one processor, interleaved.

Density peers: the same by densratio, adapt and skada, in one run with those here. They
have their defaults, but choose kernel widths (adapt also penalties) from a few values
where they can; adapt cannot be imported without tensorflow. The Gaussian weights of
skada assume the very design that is measured here.

Detection null, power: how often target rows are found to differ, in tables drawn alike,
with missing cells and categories, and in four designs in which they do differ.

Detection series: the same where the target rows are the later part of a series. A rule
was changed after series had been seen; those of the report have seeds of their own.

Detection speed: what a large table costs.

Concept: how often the test of P(y | x) rejects at .05, where it should and where it
must not, with few labelled target rows.

Lens: the verdicts of the whole lens with labels, where nothing differs, where the kind
of shift is known, and of rows of a series. All seeds are ones on which nothing was
chosen.

Decomposition: how often the 95 % interval of each part of a drop in performance holds
0, where it is 0 and where it is not.

Performance real, left out: accuracy expected on target rows of pairs of tables that
differ, with the constants that are shipped, and with all of them chosen without the
data set of the pair.

Performance made: the same where P(y | x) is kept. Performance concept: where target
labels follow a new rule, which no unlabelled row shows. Performance numbers: that of
regressors, on tables split by a column.
"""

from benchmarks.shift import (
    concept,
    density_peers,
    density_ratio,
    detection,
    handles,
    label_intervals,
    label_peers,
    label_shift,
    lens,
    number_performance,
    real_shifts,
    selection,
    target_performance,
)

PARTS = {
    "selection": selection.PART,
    "real_shifts": real_shifts.PART,
    "handles": handles.PART,
    "label": label_shift.PART,
    "label_intervals": label_intervals.PART,
    "label_peers": label_peers.PART,
    "density_quality": density_ratio.QUALITY,
    "density_speed": density_ratio.SPEED,
    "density_peers": density_peers.PART,
    "detection_null": detection.NULL,
    "detection_power": detection.POWER,
    "detection_series": detection.SERIES,
    "detection_speed": detection.SPEED,
    "concept": concept.CONCEPT,
    "decomposition": concept.DECOMPOSITION,
    "lens_null": lens.NULL,
    "lens_kinds": lens.KINDS_NAMED,
    "lens_series": lens.SERIES,
    "performance_real": target_performance.REAL,
    "performance_left_out": target_performance.LEFT_OUT,
    "performance_made": target_performance.MADE_SHIFTS,
    "performance_concept": target_performance.CONCEPT,
    "performance_numbers": number_performance.NUMBERS,
}
