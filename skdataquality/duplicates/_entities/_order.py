"""Do rows resemble those beside them in the table's order? :func:`order_dependence`."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import legvander
from scipy import stats

from skdataquality.duplicates._entities._given import check_given
from skdataquality.duplicates._entities._readings import read_rows
from skdataquality.duplicates._entities._resemblance import spread_of_products
from skdataquality.duplicates._entities._sorting import sorting_of
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._stats import Interval, cauchy_combination

FEWEST_ROWS = 50
MOST_ROWS = 20_000  # in a row, that are looked at
UNLIKELY = 1e-3  # by a bound that is cautious
ALIKE = 0.1  # the least that matters, of the column of which there is most
SURE = 0.01  # p value of a column that counts
SUPPORTED = 3.0  # standard errors of a lag that still counts
TREND = 8  # degree of the curve that a sorted table follows
METHOD = "pairs of neighbours, normal"


@dataclass(frozen=True, repr=False)
class OrderDependence(ShownResult):
    """What :func:`order_dependence` returns.

    Attributes
    ----------
    dependent : bool
        Whether neighbours resemble each other for another reason than sorting.
    similarity : Interval
        Mean correlation of neighbouring rows, over columns: 0 for rows in any order, 1
        for equal ones.
    column : str, int or None
        In which neighbours are most alike.
    most : float
        Their correlation in that column.
    p_value : float
        Bound of that of chance, by Bernstein's inequality.
    length : int
        Rows over which the resemblance lasts; 1 if there is none.
    sorted_by : tuple
        Columns by which the table is sorted; "label" is y. What they explain is left
        out.
    explained : bool
        Whether neighbours are alike only as the sorting makes them.
    n_rows : int
        That were looked at.
    """

    dependent: bool
    similarity: Interval
    column: str | int | None
    most: float
    p_value: float
    length: int
    sorted_by: tuple
    explained: bool
    n_rows: int


def order_dependence(X, y=None, *, groups=None, time=None):
    """Ask whether rows resemble their neighbours in the table's order, or in time.

    The products of the standardised columns (ranks, indicators of categories, leading
    components of texts) of rows that follow each other are averaged. Of rows in any
    order they are 0 with a known variance, whatever the columns have to do with each
    other. They are compared within the classes of y, so that a table sorted by its
    label is none, and likewise a table sorted by a category. One sorted by a number is
    compared beside a curve along the order: a smooth trend is what sorting makes.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), or \
            texts
    y : array-like of shape (n_samples,), default=None
        Labels or numbers.
    groups : array-like of shape (n_samples,), default=None
        Known groups: only neighbours of different ones are compared.
    time : ndarray of shape (n_samples,), default=None
        Numbers or datetime64 by which rows are ordered instead.

    Returns
    -------
    result : OrderDependence

    Raises
    ------
    ValueError
        If there is no row, a label or group is missing, or lengths differ.

    Notes
    -----
    Dependent: p < .001, and a correlation of .1 in the column where it is largest. A
    series that only drifts and carries a column which rises throughout cannot be told
    from a sorted table, and a table put together from parts, some of them sorted, looks
    like a series. The first 20,000 rows are looked at.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates import order_dependence
    >>> rng = np.random.default_rng(0)
    >>> walk = np.cumsum(rng.normal(size=(300, 2)), axis=0)
    >>> order_dependence(walk).dependent
    True
    >>> order_dependence(rng.permutation(walk)).dependent
    False
    """
    return dependence_in_order(*check_given(X, y, groups=groups, time=time))


def dependence_in_order(X, y=None, groups=None, in_order=None):
    """Examine rows in an order, which is that of the table if it is None."""
    rows = (np.arange(num_samples(X)) if in_order is None else in_order)[:MOST_ROWS]
    X = take_rows(X, rows)
    y = None if y is None else y[rows]
    groups = None if groups is None else groups[rows]
    return examine_order(read_rows(X), sorting_of(X, y), groups)


def examine_order(readings, sorting, groups=None):
    """Compare neighbours, with and without what the sorting explains."""
    hidden = {*sorting.rising, *sorting.together, *sorting.counters}
    readings = readings.without(hidden)
    n = readings.points.shape[0]
    if n < FEWEST_ROWS or not readings.names:
        return _nothing(sorting, n)
    member = None if groups is None else np.unique(groups, return_inverse=True)[1]
    points = _within(readings.points, sorting.strata)
    found = _neighbours(readings, points, member, sorting)
    if not (found.dependent and sorting.rising):
        return found
    for along in sorting.along:
        points = _beside_a_curve(points, along)
    left = _neighbours(readings, points, member, sorting)
    if left.dependent:
        return left
    return OrderDependence(**{**vars(left), "explained": True})


def _nothing(sorting, n):
    nan = float("nan")
    nothing = Interval(nan, nan, nan, "no rows or columns to compare")
    return OrderDependence(False, nothing, None, nan, nan, 1, sorting.names, False, n)


def _within(points, strata):
    """Subtract the mean of each stratum, one grouping after the other."""
    for codes in strata:
        size = np.bincount(codes)
        mean = np.column_stack(
            [np.bincount(codes, weights=column) / size for column in points.T]
        )
        points = points - mean[codes]
    return points


def _beside_a_curve(points, along):
    orthogonal, _ = np.linalg.qr(legvander(along, TREND))
    return points - orthogonal @ (orthogonal.T @ points)


def _neighbours(readings, points, member, sorting):
    """Judge pairs of rows one apart; the others tell how long it lasts."""
    n, n_columns = points.shape[0], len(readings.names)
    by_column, n_pairs = _similarity(points, readings.owner, n_columns, 1, member)
    sd, effective = spread_of_products(points, n_columns)
    if n_pairs < FEWEST_ROWS or not effective > 0:
        return _nothing(sorting, n)
    error = sd / np.sqrt(n_pairs)
    mean = float(by_column.mean())
    variance = _variance_by_column(points, readings.owner, n_columns)
    squared = np.square(points)
    largest = np.add.reduceat(squared, _starts(readings, n_columns), axis=1).max(axis=0)
    p_columns = _tail(by_column, variance, largest, n_pairs)
    p_mean = _tail(mean, sd**2, squared.sum(axis=1).max() / n_columns, n_pairs)
    unit = np.bincount(
        readings.owner, weights=squared.mean(axis=0), minlength=n_columns
    )
    correlation = by_column / np.where(unit > 0, unit, 1.0)
    alike = np.flatnonzero(p_columns < SURE)
    at = int(np.argmax(np.where(p_columns < SURE, correlation, -1.0)))
    smallest = min(1.0, n_columns * float(p_columns.min()))
    p_value = cauchy_combination([float(p_mean), smallest])
    dependent = p_value < UNLIKELY and correlation[at] >= ALIKE and alike.size > 0
    half = stats.norm.ppf(0.975) * error
    return OrderDependence(
        dependent=bool(dependent),
        similarity=Interval(mean, mean - half, mean + half, METHOD),
        column=readings.names[at],
        most=float(correlation[at]),
        p_value=p_value,
        length=_length(points, readings.owner, alike) if dependent else 1,
        sorted_by=sorting.names,
        explained=False,
        n_rows=n,
    )


def _starts(readings, n_columns):
    return np.searchsorted(readings.owner, np.arange(n_columns))


def _tail(mean, variance, largest, n_pairs):
    """Bound of the p value of a mean of products of which none exceeds ``largest``.

    Bernstein's inequality: a rare value that two neighbours share is no evidence, which
    a normal tail would take for it.
    """
    mean = np.maximum(mean, 0.0)
    return np.exp(-n_pairs * mean**2 / (2 * (variance + largest * mean / 3)))


def _similarity(points, owner, n_columns, lag, member):
    """Mean products of rows so far apart, by column, and how many there are."""
    first, second = points[:-lag], points[lag:]
    if member is not None:
        apart = member[:-lag] != member[lag:]
        first, second = first[apart], second[apart]
    n_pairs = first.shape[0]
    products = np.einsum("ij,ij->j", first, second) / max(n_pairs, 1)
    return np.bincount(owner, weights=products, minlength=n_columns), n_pairs


def _variance_by_column(points, owner, n_columns):
    """Variance of the product of two rows, in each column."""
    variance = np.empty(n_columns)
    for j in range(n_columns):
        own = points[:, owner == j]
        variance[j] = np.square(own.T @ own / own.shape[0]).sum()
    return np.maximum(variance, np.finfo(float).tiny)


def _length(points, owner, alike):
    """First number of rows apart at which the columns alike are so by chance only."""
    kept = np.isin(owner, alike)
    points, owner = points[:, kept], np.searchsorted(alike, owner[kept])
    n, n_columns = points.shape[0], len(alike)
    sd, _ = spread_of_products(points, n_columns)
    for lag in range(1, max(2, n // 5)):
        by_column, n_pairs = _similarity(points, owner, n_columns, lag, None)
        if by_column.mean() < SUPPORTED * sd / np.sqrt(n_pairs):
            return lag
    return max(1, n // 5)
