"""How many pairs of rows chance makes equal, when columns depend on each other."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from skdataquality.utils._draws import FIXED_SEED, draw_rows
from skdataquality.utils._frames import as_rows, cell_codes, iterate_columns
from skdataquality.utils._sklearn import take_rows

SENTENCE = 4  # words
SENTENCES_READ = 1000
SENTENCES_DIFFER = 0.5  # of the cells at least: answers ticked in a form do not
EQUAL_SENTENCES = 0.01  # pairs by chance, in a whole table
ROWS, PAIRED, QUERIES = 15_000, 2500, 1000  # sampled; fewer where pairs are
BLOCKS = 64  # columns compared one by one
KEY = 1_000_003  # odd: what several codes are mixed with
FEWEST_PAIRS = 10  # in a shell that says how many to expect further in
NEARBY = 3  # shells from which a bend can be continued
FEW_NEW = 0.02  # of what is equal already: the column tells no rows apart
MOST_LEFT_OUT = 3  # one column in three
MODEL_ERROR, MOST_ERROR = 1.5, 3.0  # times the pairs expected: usual, and at worst


@dataclass(frozen=True)
class Repeats:
    """Pairs of equal rows, those that chance explains, and whether it explains all.

    Attributes
    ----------
    n_pairs, expected : float
        Pairs of equal rows, and those that chance makes equal.
    p_copies : float
        That chance makes so many groups of equal rows, if it made three times as many
        pairs as expected.
    p_chance : float
        That it makes so many pairs and groups, if it made 1.5 times as many pairs.
    """

    n_pairs: float = 0.0
    expected: float = 0.0
    p_copies: float = 1.0
    p_chance: float = 1.0


def judge_repeats(X, groups):
    """Compare the equal pairs among rows with those that chance explains.

    Groups of equal rows are at most Poisson with the expected pairs as mean, however
    large they are. Pairs are many where one group is large, a default that was never
    filled in, so their variance is that of counts of cells: of c rows in one,
    c (c - 1) / 2 + c (c - 1) (c - 2).
    """
    sizes = np.bincount(groups, minlength=groups.shape[0]).astype(float)
    ordered = sizes * (sizes - 1)
    n_pairs, n_groups = float(ordered.sum() / 2), np.count_nonzero(sizes > 1)
    if n_pairs == 0:
        return Repeats()
    expected = expected_equal_pairs(X, groups)
    deviation = np.sqrt(n_pairs + (ordered * (sizes - 2)).sum())
    more = MODEL_ERROR * expected
    by_groups = stats.poisson.sf(n_groups - 1, more)
    by_pairs = stats.norm.sf((n_pairs - more) / deviation)
    if np.count_nonzero(sizes == 1) < groups.shape[0] / 2:
        by_pairs = 1.0  # where most rows have twins, many pairs are the rule
    return Repeats(
        n_pairs,
        expected,
        p_copies=float(stats.poisson.sf(n_groups - 1, MOST_ERROR * expected)),
        p_chance=float(min(1.0, by_groups, 2 * by_pairs)),
    )


def expected_equal_pairs(X, groups):
    """Pairs of rows that chance makes equal, in a table with these duplicate groups.

    Copies of a row have no rows beside them that differ in one column, or in two; rows
    that chance makes equal do, and the more columns are allowed to differ, the more
    pairs there are. So pairs are counted by the number of columns in which they differ,
    and the counts, over those that independent columns would give, are continued to 0
    columns: by the parabola through the logarithms of three of them, or a straight line
    from afar. Dependence, also through a hidden cause that all columns share, bends
    these counts smoothly.

    A column that follows from the others, such as a total or the last of a one-hot
    code, would empty the first of these shells. Rows equal in all columns are equal in
    any of them, so leaving some out can only raise the expectation: those that another
    column tells are, and up to a third of the others as long as that makes no more rows
    equal.
    """
    X = as_rows(X)
    n = groups.shape[0]
    rows = draw_rows(n, ROWS, FIXED_SEED)
    columns, are_sentences = _coded_columns(take_rows(X, rows))
    if are_sentences:
        return EQUAL_SENTENCES
    if not columns:
        return n * (n - 1) / 2
    return _Shells(columns, groups[rows], np.bincount(groups)).most_expected()


def chance_of_equal_rows(X, groups):
    """Probability that chance makes two rows of a table with these groups equal."""
    n = groups.shape[0]
    return expected_equal_pairs(X, groups) / max(n * (n - 1) / 2, 1)


class _Shells:
    """Pairs of rows by the number of columns in which they differ.

    ``columns`` and ``groups`` are of some rows of a table with groups of these
    ``sizes``. Pairs are those of fewer rows still.
    """

    def __init__(self, columns, groups, sizes):
        # copies say nothing of a column, but one of two may follow from the other
        n_copied = _n_pairs(groups) if len(columns) > 2 else 0
        equal = np.array([_chance_of_equal(codes, n_copied) for codes in columns])
        order = np.argsort(equal, kind="stable")  # the richest first
        self._columns = [columns[j] for j in order]
        self._equal = equal[order]
        self._groups = groups
        self._n_equal = (sizes * (sizes - 1.0)).sum() / 2
        self._n_repeated = np.count_nonzero(sizes > 1)
        self._all_pairs = sizes.sum() * (sizes.sum() - 1) / 2
        m = groups.size
        self._rows = draw_rows(m, PAIRED, FIXED_SEED)
        self._queries = draw_rows(self._rows.size, QUERIES, FIXED_SEED)
        shape = (self._queries.size, self._rows.size)
        self._scale = self._all_pairs / (shape[0] * max(shape[1] - 1, 1))
        self._differ = np.zeros(shape, dtype=np.uint8)
        for j in range(len(columns)):
            self._differ += self._apart(j)

    def _apart(self, j):
        codes = self._columns[j][self._rows]
        return codes[self._queries, None] != codes

    def most_expected(self):
        """Pairs expected to be equal, with the columns left out that raise it most."""
        left = list(range(len(self._columns)))
        most = self._expected(left)
        if most >= self._n_equal:
            return float(most)
        needless = self._recoded()
        spare = len(needless) + (len(left) - len(needless) - 1) // MOST_LEFT_OUT
        needless = needless or self._needless(left, spare)
        while needless:
            for j in needless:
                self._differ -= self._apart(j)
                left.remove(j)
            spare -= len(needless)
            most = max(most, self._expected(left))
            needless = self._needless(left, spare) if most < self._n_equal else []
        return float(most)

    def _counts(self, n_columns):
        """Pairs by columns in which they differ; those in none are not looked at."""
        counts = np.bincount(self._differ.ravel(), minlength=n_columns + 1)
        counts[0] = 0
        return counts

    def _recoded(self):
        """Columns of which another one is a finer code, in rows that are no copies."""
        distinct = np.unique(self._groups[self._rows], return_index=True)[1]
        columns = [codes[self._rows][distinct] for codes in self._columns]
        levels = [np.unique(codes).size for codes in columns]
        recoded: list = []
        for j, finer in enumerate(columns):
            if j in recoded or distinct.size - levels[j] < FEWEST_PAIRS:
                continue  # what differs in every row is no code
            for k in range(j + 1, len(columns)):
                if k not in recoded and _joined([finer, columns[k]]).max() < levels[j]:
                    recoded.append(k)
        return recoded

    def _needless(self, left, most):
        """Columns that can be left out at once without making other rows equal."""
        if most == 0:
            return []
        counts = self._counts(len(left))
        nearest = int(
            counts.argmax() if not counts.any() else np.flatnonzero(counts)[0]
        )
        several = left[: min(nearest - 1, most)]
        if several and self._tell_nothing(several, left):
            return several
        query, other = np.nonzero(self._differ == 1)
        for j in left:
            codes = self._columns[j][self._rows]
            n_apart = np.count_nonzero(codes[self._queries[query]] != codes[other])
            seldom = n_apart * self._scale <= FEW_NEW * self._n_equal
            if seldom and self._tell_nothing([j], left):
                return [j]
        return []

    def _tell_nothing(self, needless, left):
        """Whether hardly more rows are equal in the other columns alone."""
        others = _joined([self._columns[j] for j in left if j not in needless])
        n_new = np.unique(self._groups).size - (others.max() + 1)
        m = self._groups.size
        n_new_in_all = n_new * self._all_pairs / (m * (m - 1) / 2)
        return n_new_in_all <= FEW_NEW * self._n_repeated

    def _expected(self, left):
        """Continue the counts of pairs, over those of independent columns, to 0."""
        independent = np.ones(1)
        for p in self._equal[left]:
            independent = np.convolve(independent, [p, 1 - p])
        counts = self._counts(len(left))
        enough = np.flatnonzero(counts >= FEWEST_PAIRS)
        if enough.size == 0:
            return self._all_pairs * independent[0]
        at = _shells_to_continue(enough)
        ratio = counts[at] * self._scale / (self._all_pairs * independent[at])
        others = [np.delete(at, i) for i in range(at.size)]
        lagrange = [np.prod(o / (o - s)) for s, o in zip(at, others, strict=True)]
        log_share = np.log(independent[0]) + np.dot(lagrange, np.log(ratio))
        return self._all_pairs * np.exp(min(log_share, 0.0))


def _shells_to_continue(enough):
    """Three shells, or two, further apart where they are far from 0."""
    nearest = int(enough[0])
    n_shells = 3 if nearest <= NEARBY else 2
    step = max(
        1, min(round(nearest / 2), (int(enough[-1]) - nearest) // (n_shells - 1))
    )
    wanted = nearest + step * np.arange(n_shells)
    closest = np.abs(enough - wanted[:, None]).argmin(axis=1)  # some may be empty
    return np.unique(enough[closest])


def _chance_of_equal(codes, n_copied):
    """Share of pairs that are equal in a column, of those that are not copied."""
    n = codes.size
    n_pairs = n * (n - 1) / 2 - n_copied
    return max(_n_pairs(codes) - n_copied, 0.5) / max(n_pairs, 1.0)


def _n_pairs(codes):
    sizes = np.unique(codes, return_counts=True)[1].astype(float)
    return (sizes * (sizes - 1)).sum() / 2


def _coded_columns(X):
    """Codes of the columns that vary, at most 64, and whether any holds sentences.

    Of more columns, several share a code: rows are equal in it if they are in all.
    """
    varying, are_sentences = [], False
    for _, column in iterate_columns(X):
        codes = cell_codes(column)
        n_levels = codes.max() + 1
        if n_levels > SENTENCES_DIFFER * codes.size and _holds_sentences(column):
            are_sentences = True
        if n_levels > 1:
            varying.append(codes.astype(np.int32))
    columns = _join_one_hot(varying)
    blocks = [columns[start::BLOCKS] for start in range(min(BLOCKS, len(columns)))]
    return [_joined(block) for block in blocks], are_sentences


def _join_one_hot(columns):
    """Join neighbouring columns of two levels that hardly ever vary together.

    Of k levels coded one-hot there are k combinations, or k + 1 with one left out.
    """
    joined: list = []
    width = 0  # of the columns that the last one stands for; 0: it is no such column
    for codes in columns:
        is_binary = codes.max() == 1
        if is_binary and width:
            both = _joined([joined[-1], codes])
            if both.max() <= width + 1:
                joined[-1], width = both, width + 1
                continue
        joined.append(codes)
        width = int(is_binary)
    return joined


def _joined(columns):
    """Codes that are equal where those of all columns are."""
    mixed = np.zeros(columns[0].size, dtype=np.int64)
    for codes in columns:
        mixed = mixed * KEY + codes
    return np.unique(mixed, return_inverse=True)[1].astype(np.int32)


def _holds_sentences(column):
    """Whether the median text of a column has four words or more."""
    if column.dtype.kind not in "OUT":
        return False
    texts = [cell for cell in column[:SENTENCES_READ].tolist() if isinstance(cell, str)]
    return bool(texts) and np.median([len(t.split()) for t in texts]) >= SENTENCE
