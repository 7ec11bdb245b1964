"""Pairs of rows that are nearly equal: :class:`DuplicatePairs`."""

from dataclasses import dataclass, field, fields

import numpy as np

from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._shown import ShownResult


@dataclass(frozen=True, eq=False, repr=False)
class DuplicatePairs(ShownResult):
    """Pairs of rows that are nearly equal, each once, in rising order.

    Of equal rows only the first is in a pair, so that many copies make no n x n pairs.

    Attributes
    ----------
    first, second : ndarray of shape (n_pairs,), int64
        Row numbers; ``first`` is the smaller.
    distance : ndarray of shape (n_pairs,), float64, or None
        Of the numbers, lower is nearer: Euclidean, in standard deviations over all
        numeric columns, or one minus the cosine similarity. None without numbers.
    similarity : ndarray of shape (n_pairs,), float64, or None
        In [0, 1], higher is nearer: the Jaccard similarity of the texts, or without
        texts the cosine similarity. None without either.
    """

    first: np.ndarray = field(repr=False)
    second: np.ndarray = field(repr=False)
    distance: np.ndarray | None = field(default=None, repr=False)
    similarity: np.ndarray | None = field(default=None, repr=False)

    def __len__(self):
        return len(self.first)

    def _facts(self):
        facts: dict = {"pairs": len(self)}
        if len(self) and self.distance is not None:
            facts["largest distance"] = max(self.distance)
        if len(self) and self.similarity is not None:
            facts["lowest similarity"] = min(self.similarity)
        return facts

    def take(self, which):
        """Return some of the pairs.

        Parameters
        ----------
        which : ndarray of bool or int
            Mask of the pairs to keep, or their numbers.

        Returns
        -------
        pairs : DuplicatePairs
        """
        distance = None if self.distance is None else self.distance[which]
        similarity = None if self.similarity is None else self.similarity[which]
        return DuplicatePairs(
            self.first[which], self.second[which], distance, similarity
        )

    def to_dict(self):
        """Return the pairs as plain lists, ready for JSON.

        Returns
        -------
        pairs : dict of list
            Without ``distance`` or ``similarity`` where there is none.
        """
        names = [f.name for f in fields(self)]
        columns = [getattr(self, name) for name in names]
        pairs = zip(names, columns, strict=True)
        return {name: c.tolist() for name, c in pairs if c is not None}

    def to_frame(self):
        """Return a line for each pair.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``first`` and ``second``, and those there are of ``distance`` and
            ``similarity``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        return pandas_frame(self.to_dict(), "DuplicatePairs.to_frame", "to_dict()")


NO_ROWS = np.empty(0, dtype=np.int64)
NO_PAIRS = DuplicatePairs(NO_ROWS, NO_ROWS)
