"""Data with planted failures whose truth is known."""

from skdataquality.datasets._corruptions import (
    make_duplicates,
    make_label_errors,
    make_rare_class,
    make_shifted_sample,
)
from skdataquality.datasets._demo import load_demo

__all__ = [
    "load_demo",
    "make_duplicates",
    "make_label_errors",
    "make_rare_class",
    "make_shifted_sample",
]
