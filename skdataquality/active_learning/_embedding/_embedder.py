"""From the user's rows to points in a Euclidean space: :class:`Embedder`."""

import numpy as np
import scipy.sparse as sp
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from skdataquality.compose._default import to_scaled_numbers
from skdataquality.utils._first_guesses import wrong_object
from skdataquality.utils._fits import default_fit
from skdataquality.utils._frames import are_documents, as_rows, is_frame
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import positions

PASSTHROUGH = "passthrough"


class Embedder:
    """Makes points of rows, in the same way for the pool and for new rows.

    Parameters
    ----------
    embedding : None, "passthrough", transformer or callable
        None scales numbers and encodes other columns, with missing values filled in;
        "passthrough" takes the numbers as they are; a transformer is cloned and fitted
        on the pool without labels; a callable takes rows and returns their points.
    """

    def __init__(self, embedding):
        self.embedding = embedding

    def fit_transform(self, X):
        """Learn from the pool, and return its points."""
        self.transformer_ = None
        if isinstance(self.embedding, type):
            raise ValueError(wrong_object("embedding", self.embedding, "estimator"))
        if self.embedding is None:
            self.transformer_ = make_pipeline(*to_scaled_numbers(X))
        elif hasattr(self.embedding, "transform"):
            self.transformer_ = clone(self.embedding)
        if self.transformer_ is not None:
            return _one_for_each(X, self.transformer_.fit_transform(X))
        return self.transform(X)

    def transform(self, X):
        """Return the points of rows."""
        if self.transformer_ is not None:
            with default_fit(self.embedding is None):
                return _one_for_each(X, self.transformer_.transform(X))
        if isinstance(self.embedding, str) and self.embedding == PASSTHROUGH:
            return as_points(X, "X")
        if callable(self.embedding):
            return _one_for_each(X, self.embedding(X))
        raise ValueError(
            f"embedding={self.embedding!r} must be None, 'passthrough', a transformer, "
            f"or a function of the rows."
        )


def _one_for_each(X, points):
    """Return points, if there is one for each row."""
    points = as_points(points, "embedding")
    if points.shape[0] != num_samples(X):
        raise ValueError(
            f"embedding returned {points.shape[0]} points for {num_samples(X)} rows: "
            f"it must return one for each row, in their order."
        )
    return points


def as_points(X, name="X"):
    """Return finite numbers in two dimensions, dense floats or csr, without a copy.

    Raises
    ------
    ValueError
        If cells are no numbers, or not finite.
    """
    if are_documents(X):
        raise ValueError(
            f"{name} holds texts, which have no distances: pass embedding=, such as "
            f"TfidfVectorizer(), or a function that returns their embeddings."
        )
    X = as_rows(X)
    if sp.issparse(X):
        X = X.tocsr()
        check_finite(X.data, name)
        return X if X.dtype.kind == "f" else X.astype(np.float64)
    try:
        points = X.to_numpy() if is_frame(X) else np.asarray(X)
        if points.dtype.kind != "f" or points.dtype.itemsize > 8:
            points = points.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} holds cells that are no numbers ({error}): pass embedding=, a "
            f"transformer that makes numbers of them."
        ) from error
    if points.ndim != 2:
        raise ValueError(
            f"{name} has shape {points.shape}: points of rows are an array of shape "
            f"(n_rows, n_dimensions)."
        )
    check_finite(points, name)
    return points


def check_finite(points, name):
    """Refuse NaN and infinity, naming the rows."""
    with np.errstate(invalid="ignore", over="ignore"):
        if np.isfinite(points.sum(dtype=np.float64)):
            return
    bad = ~np.isfinite(points)
    if bad.any():
        rows = bad if points.ndim == 1 else bad.any(axis=1)
        raise ValueError(
            f"{name} contains NaN or infinity in row(s) {positions(rows)}: fill those "
            f"cells, or leave the rows out."
        )
