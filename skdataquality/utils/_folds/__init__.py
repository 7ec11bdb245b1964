"""Folds, and what models say of rows that they did not see: the one engine for both."""

from ._classes import OutOfFold, aligned_proba, out_of_fold, trusted_rows
from ._numbers import predict_out_of_fold
from ._run import run_folds
from ._splits import (
    capped_n_splits,
    join_groups,
    make_splits,
    repeated_splits,
    row_numbers,
    rows_per_class,
    stratified_folds,
)
from ._threads import few_threads

__all__ = [
    "OutOfFold",
    "aligned_proba",
    "capped_n_splits",
    "few_threads",
    "join_groups",
    "make_splits",
    "out_of_fold",
    "predict_out_of_fold",
    "repeated_splits",
    "row_numbers",
    "rows_per_class",
    "run_folds",
    "stratified_folds",
    "trusted_rows",
]
