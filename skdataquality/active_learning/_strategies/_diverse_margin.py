"""Uncertain rows that differ: :class:`DiverseMarginQuery`."""

import numpy as np

from skdataquality.active_learning._embedding import content_keys
from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._coverage import squared_to_mean
from skdataquality.active_learning._strategies._distinct import new_first
from skdataquality.active_learning._strategies._model import class_probabilities
from skdataquality.active_learning._strategies._near_copies import without_near_copies
from skdataquality.active_learning._strategies._parts import one_of_each_part
from skdataquality.active_learning._strategies._uncertainty import uncertainty
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._sklearn import take_rows


class DiverseMarginQuery(BaseQueryStrategy):
    def __init__(
        self,
        estimator=None,
        *,
        beta=10,
        embedding=None,
        cold_start="typicality",
        unlabeled="auto",
        random_state=None,
    ):
        super().__init__(
            estimator,
            embedding=embedding,
            cold_start=cold_start,
            unlabeled=unlabeled,
            random_state=random_state,
        )
        self.beta = beta

    def _score(self, X):
        return uncertainty(class_probabilities(self.estimator_, X))

    def _pick(self, n, rows):
        keys = content_keys(self._X)
        new, repeated = new_first(keys, rows, self.labeled_mask_)
        scores = self._score(take_rows(self._X, new))
        order = np.argsort(-scores, kind="stable")
        new, scores = new[order], scores[order]
        if n >= new.size:
            return np.r_[new, repeated[: n - new.size]]
        points = self._embedded()[1]
        among = self._candidates_of(points, n, new)
        parts = one_of_each_part(
            points[new[among]],
            scores[among] + 1e-9,
            n,
            draw_seed(self.random_state),
        )
        picked = among[parts]
        left = np.ones(new.size, dtype=bool)
        left[picked] = False
        # fewer distinct points than rows asked for
        others = np.r_[among[left[among]], np.flatnonzero(left)]
        others = others[np.sort(np.unique(others, return_index=True)[1])]
        return new[np.r_[np.sort(picked), others][:n]]

    def _candidates_of(self, points, n, new):
        """Positions of the most uncertain rows, without near copies."""
        wanted = int(np.ceil(self.beta * n))
        scale = np.sqrt(np.median(squared_to_mean(points, points)))
        labeled = points[self._labels.rows]
        size = wanted
        while True:
            window = points[new[:size]]
            keep = without_near_copies(_stack(labeled, window), scale)
            kept = np.flatnonzero(keep[labeled.shape[0] :])
            enough = n if size >= MOST_WINDOWS * wanted else wanted
            if kept.size >= enough or size >= new.size:
                return kept[:wanted]
            size *= 2


MOST_WINDOWS = 8


def _stack(first, second):
    if hasattr(first, "toarray"):
        import scipy.sparse as sp

        return sp.vstack([first, second]).tocsr()
    return np.concatenate([first, second])
