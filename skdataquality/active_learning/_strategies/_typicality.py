"""Typical rows of every part of the pool: :class:`TypicalityQuery`."""

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._cold_start import pick_cold, score_cold


class TypicalityQuery(BaseQueryStrategy):
    _needs_model = False

    def __init__(
        self, estimator=None, *, embedding=None, unlabeled="auto", random_state=None
    ):
        super().__init__(
            estimator,
            embedding=embedding,
            unlabeled=unlabeled,
            random_state=random_state,
        )

    def _pick(self, n, rows):
        return pick_cold(self, "typicality", n, rows)

    def _score(self, X):
        return score_cold(self, "typicality", X)
