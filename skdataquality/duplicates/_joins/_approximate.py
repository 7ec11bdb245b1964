"""Candidates of an approximate index, which finds most of the pairs."""

import numpy as np

from skdataquality.duplicates._joins._rows import BLOCK_CELLS
from skdataquality.utils._frames import row_blocks

_REACH = 2.0**10  # radii
_PROBES = 8  # lists that are searched
_ROWS_PER_LIST = 40  # at least, or the centres are no centres
_AT_ONCE = 1024  # queries


def add_most_near_rows(rows, collector):
    """Hand most pairs within the radius to the collector; an inverted file of faiss."""
    faiss = _faiss()
    n, d = rows.shape
    images = np.empty((n, d), dtype=np.float32)
    for part in row_blocks(rows.shape, BLOCK_CELLS):
        images[part] = rows.image(part, _REACH)
    n_lists = max(1, min(int(np.sqrt(n)), n // _ROWS_PER_LIST))
    index = faiss.IndexIVFFlat(faiss.IndexFlatL2(d), d, n_lists)
    index.train(images[rows.sample])
    index.add(images)
    index.nprobe = _PROBES
    keys = np.empty(0, dtype=np.int64)
    for at in range(0, n, _AT_ONCE):
        queries = images[at : at + _AT_ONCE]
        limits, _, second = index.range_search(queries, 1.001 * rows.radius**2)
        first = np.repeat(np.arange(at, at + len(queries)), np.diff(limits.astype(int)))
        apart = first != second
        low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
        # either row of a pair may find the other, or both
        new = np.setdiff1d(low * n + high, keys)
        collector.add(*np.divmod(new, n))
        keys = np.concatenate([keys, new[new % n >= at + len(queries)]])


def _faiss():
    try:
        import faiss
    except ImportError as error:
        raise ImportError(
            "method='ann' needs the extra ann: pip install 'skdataquality[ann]', or "
            "use method='auto', which is exact."
        ) from error
    return faiss
