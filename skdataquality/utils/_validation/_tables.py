"""Tables of an estimator: their shape, and the names of their columns."""

from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from skdataquality.utils._frames import are_documents, as_rows, is_frame
from skdataquality.utils._validation._column_names import refuse_mixed_names
from skdataquality.utils._validation._feature_frames import check_feature_frame


def check_table(estimator, X, y=None, *, reset=True):
    """Return X as it is or as an array, without asking what its cells hold.

    Frames and sequences of texts stay as they are. Sets or compares ``n_features_in_``
    and ``feature_names_in_`` of ``estimator``; y is only asked whether its index is
    that of X.
    """
    check_feature_frame(X, y)
    if not is_frame(X) and not are_documents(X):
        X = as_rows(X)
        refuse_complex(X)
        X = check_array(
            X,
            accept_sparse=("csr", "csc"),
            dtype=None,
            ensure_all_finite=False,
            estimator=estimator,
        )
    elif is_frame(X) and min(X.shape) == 0:
        raise ValueError(
            f"Found array with {X.shape[0]} sample(s) and {X.shape[1]} feature(s) "
            f"(shape={X.shape}) while a minimum of 1 is required by "
            f"{estimator.__class__.__name__}."
        )
    remember_columns(estimator, X, reset=reset)
    return X


def remember_columns(estimator, X, *, reset=True):
    """Set or compare number and names of the columns; refuse names of mixed types."""
    refuse_mixed_names(X)
    validate_data(estimator, X, reset=reset, skip_check_array=True)


def refuse_complex(X):
    if X.dtype.kind == "c":
        raise ValueError(
            f"X has complex values ({X.dtype}). Complex data not supported: pass their "
            f"real and imaginary parts as columns."
        )
