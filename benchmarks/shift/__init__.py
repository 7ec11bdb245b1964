"""Training data unlike the data met in use: what is found, estimated and mended.

Selection: a search under covariate shift, whose choice is judged on labelled target
rows. Real shifts: by site, batch, period and video (``--data`` names their folder).
Handles: what it costs that target rows travel along.

Label: class shares of target rows, estimated by each method, and what moving
predictions to them is worth. Digits, wine and breast cancer are drawn by class from
rows not trained on, synthetic tables by design; the shares are drawn (Dirichlet), one
class has half of the rows, or a rare class becomes frequent or rarer. Constants were
chosen on the half "tuning" and are judged on the half "report", of other seeds.
Its target rows are few rows drawn many times, so intervals hold less often than they
should. Label intervals: how often they hold the shares where every row is a new one, of
three normal classes.

Density quality: designs whose true ratio is known. Models and constants were chosen on
one half of the designs ("tune"), on other seeds as well, and are reported on the other;
on the Gaussian designs also the accuracy, on target rows, of a misspecified logistic
regression fitted with the weights. Density speed: seconds of one processor,
interleaved; the peer is not included (``pip install densratio``).

Detection: tables drawn alike, with missing cells and categories, and four designs in
which they differ; rows of a series, of which the later ones are the target rows; and
what a large table costs. Learners and constants were chosen on the seeds of one half,
the other half reports.

Concept: how often the test of P(y | x) rejects at .05, where it should and where it
must not, with few labelled target rows. Decomposition: how often the 95 % interval of
each part of a drop in performance holds 0, where it is 0 and where it is not.
Constants were chosen on the designs marked `tuning`; all others were run once.

Tables that are not bundled with scikit-learn are in the folder that ``--data`` names;
their shifts are left out without. Real: pairs of tables that differ, with the constants
that are shipped. Left out: the same, all chosen without the data set of the pair. Made:
P(y | x) kept. Concept: labels under a new rule, which no unlabelled row shows.
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
    "performance_real": target_performance.REAL,
    "performance_left_out": target_performance.LEFT_OUT,
    "performance_made": target_performance.MADE_SHIFTS,
    "performance_concept": target_performance.CONCEPT,
}
