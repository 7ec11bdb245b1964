"""Folds, and what models say of rows that they did not see: the one engine for both."""

from skdataquality.utils._folds._classes import (
    OutOfFold,
    aligned_proba,
    calibratable_rows,
    out_of_fold,
    trusted_rows,
    with_probabilities,
)
from skdataquality.utils._folds._labels import fit_labels
from skdataquality.utils._folds._numbers import (
    OutOfFoldNumbers,
    numbers_out_of_fold,
    predict_out_of_fold,
)
from skdataquality.utils._folds._run import fit_on, mean_over_folds, run_folds
from skdataquality.utils._folds._splits import (
    DEFAULT_FOLDS,
    capped_n_splits,
    join_groups,
    make_splits,
    repeated_splits,
    row_numbers,
    rows_per_class,
    stratified_folds,
)
from skdataquality.utils._folds._threads import few_threads
