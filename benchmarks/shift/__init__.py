"""Shift: how often it is found where there is none, and where there is one.

Detection: tables drawn alike, with missing cells and categories, and four designs in
which they differ; rows of a series, of which the later ones are the target rows; and
what a large table costs. Learners and constants were chosen on the seeds of one half,
the other half reports.
"""

from benchmarks.shift import detection

PARTS = {
    "detection_null": detection.NULL,
    "detection_power": detection.POWER,
    "detection_series": detection.SERIES,
    "detection_speed": detection.SPEED,
}
