"""The models that judge labels when the user names none."""

import scipy.sparse as sp
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from skdataquality.compose._default import encoder, needs_encoding
from skdataquality.label_noise._detectors._neighbor_votes import (
    MOST_ROWS,
    NeighborVotes,
)
from skdataquality.utils._frames import is_frame
from skdataquality.utils._sklearn import num_samples


def default_ensemble(X):
    """Return the mean of three families: what one cannot see another often can.

    Parameters
    ----------
    X : {ndarray, sparse matrix, data frame} of shape (n_samples, n_features)

    Returns
    -------
    model : unfitted classifier
    """
    # trees of all rows of a large table would take most of the time
    n_rows = num_samples(X)
    share = MOST_ROWS / n_rows if n_rows > MOST_ROWS else None
    forest = RandomForestClassifier(
        60, min_samples_leaf=5, max_samples=share, random_state=0
    )
    families = [
        ("linear", LogisticRegression(max_iter=1000)),
        ("trees", forest),
        ("neighbors", NeighborVotes(10)),
    ]
    return make_pipeline(
        *to_scaled_numbers(X), VotingClassifier(families, voting="soft")
    )


def to_scaled_numbers(X):
    """Return unfitted transformers that make scaled columns without holes of a table.

    Text, dates or categories of a data frame go through skrub's TableVectorizer.
    """
    # scaling columns of few non-zero cells by their variance would inflate these
    scaler = MaxAbsScaler() if sp.issparse(X) else StandardScaler()
    steps = [encoder()] if is_frame(X) and needs_encoding(X) else []
    return [*steps, SimpleImputer(keep_empty_features=True), scaler]
