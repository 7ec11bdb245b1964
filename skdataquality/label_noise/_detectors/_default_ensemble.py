"""The models that judge labels when the user names none."""

from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.pipeline import make_pipeline

from skdataquality.compose._default import linear_classifier, to_scaled_numbers
from skdataquality.label_noise._detectors._neighbor_votes import (
    MOST_ROWS,
    NeighborVotes,
)
from skdataquality.utils._sklearn import num_samples


def default_ensemble(X):
    """Return the mean of three families: what one cannot see another often can."""
    # trees of all rows of a large table would take most of the time
    n_rows = num_samples(X)
    share = MOST_ROWS / n_rows if n_rows > MOST_ROWS else None
    forest = RandomForestClassifier(
        60, min_samples_leaf=5, max_samples=share, random_state=0
    )
    families = [
        ("linear", linear_classifier()),
        ("trees", forest),
        ("neighbors", NeighborVotes(10)),
    ]
    return make_pipeline(
        *to_scaled_numbers(X), VotingClassifier(families, voting="soft")
    )
