"""Data of which the truth is known: planted failures, and tables without any."""

from skdataquality.datasets._clean_families import clean_families, make_clean_table
from skdataquality.datasets._corruptions import (
    make_duplicates,
    make_label_errors,
    make_rare_class,
    make_shifted_sample,
)
from skdataquality.datasets._demo import load_demo

__all__ = [
    "clean_families",
    "load_demo",
    "make_clean_table",
    "make_duplicates",
    "make_label_errors",
    "make_rare_class",
    "make_shifted_sample",
]
