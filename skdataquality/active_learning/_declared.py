"""What the lens of the pool declares: :data:`LENS`."""

import scipy.sparse as sp

from skdataquality.active_learning._pool import PoolLensResult, pool_lens
from skdataquality.compose._default import measurable
from skdataquality.utils._frames import are_documents
from skdataquality.utils._lens import Lens, cannot_tell

SHOWN = 5


def _examine(inputs, known):
    """Look for parts of the pool that labelled rows do not cover."""
    X, X_pool = inputs.features(known.withheld), inputs.pool.features(known.withheld)
    if not all(_has_distances(table, inputs.is_given) for table in (X, X_pool)):
        return cannot_tell(PoolLensResult, "no_distances"), {}
    groups = inputs.modelled_groups
    if groups is None or inputs.pool.groups is None:
        groups = groups_pool = None
    else:
        groups_pool = inputs.pool.groups
    lens = pool_lens(
        X,
        inputs.labels,
        X_pool=X_pool,
        unlabeled=False,
        groups=groups,
        groups_pool=groups_pool,
        random_state=inputs.seed,
    )
    return lens.with_pool_rows(inputs.pool.numbers), {}


def _has_distances(X, is_given):
    """Whether points can be made of rows whose cells a given model may read alone."""
    if are_documents(X):
        return not is_given or all(isinstance(text, str) for text in X)
    return sp.issparse(X) or measurable(X, only_numbers=is_given) is not None


def _why(lens):
    what = "more rows of it"
    if lens.to_label:
        more = ", ..." if len(lens.to_label) > SHOWN else ""
        what = f"rows {', '.join(map(str, lens.to_label[:SHOWN]))}{more} of the pool"
    return f"label {what}: no remedy makes up for what no label tells of"


LENS = Lens(
    result=PoolLensResult,
    examine=_examine,
    measured=7,
    acts=7,
    given=("pool",),
    why=_why,
)
