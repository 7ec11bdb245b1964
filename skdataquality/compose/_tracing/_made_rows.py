"""Rows that a sampler made, their parents and the weights of these."""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from skdataquality.lineage import SYNTHETIC, Lineage, Reason


@dataclass(frozen=True)
class MadeRows:
    """Parents of output rows in triplets; a row without any is not in ``rows``."""

    rows: np.ndarray
    parents: np.ndarray
    weights: np.ndarray

    @classmethod
    def none(cls):
        """No row."""
        no_rows = np.empty(0, dtype=np.int64)
        return cls(no_rows, no_rows, np.empty(0))

    @classmethod
    def of_pairs(cls, rows, start, stop, g):
        """Rows at the share ``g`` of the way from one parent to the other."""
        return cls(
            np.repeat(rows, 2),
            np.stack([start, stop], axis=1).ravel(),
            np.stack([1 - g, g], axis=1).ravel(),
        )

    @classmethod
    def joined(cls, parts):
        """Those of all parts."""
        parts = [cls.none(), *parts]
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("rows", "parents", "weights")
            )
        )

    def added_to(self, lineage: Lineage) -> Lineage:
        """Return the lineage with these rows, so far untraced, as synthetic ones."""
        made = np.zeros(lineage.n_out, dtype=bool)
        made[self.rows] = True
        theirs = sp.csr_array(
            (self.weights, (self.rows, self.parents)),
            shape=(lineage.n_out, lineage.n_in),
        )
        parents = sp.csr_array(lineage.parents + theirs)
        parents.sort_indices()
        return replace(
            lineage,
            origin=np.where(made, SYNTHETIC, lineage.origin),
            parents=parents,
            change_reason=np.where(
                made, Reason.SYNTHETIC, lineage.change_reason
            ).astype(np.int8),
        )
