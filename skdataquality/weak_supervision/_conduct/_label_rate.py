"""How many given labels are wrong, by votes of others: :func:`label_rate`."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats
from sklearn.base import clone

from skdataquality.exceptions import NotConvergedWarning, WorseThanChanceWarning
from skdataquality.utils._stats import Interval
from skdataquality.weak_supervision._conduct._label_origin import origin_of
from skdataquality.weak_supervision._votes import Votes

PARTS = 20
FEWEST_ROWS = 40
FEWEST_SOURCES = 3
FEWEST_WRONG = 4  # of fewer in all even none may be wrong (95 %)
METHOD = f"label model, jackknife over {PARTS} parts of the rows"


@dataclass(frozen=True, eq=False)
class LabelRate:
    """Share of wrong labels, and what the votes say of each.

    Attributes
    ----------
    rate : Interval or None
        Of the rows with a label and a vote; None where votes cannot tell.
    origin : {"vote", "pick", "consensus", "apart"}
        What the labels are: the votes of one source, one of the votes of each row, what
        most of them say, or labels of their own.
    rows : int
        Rows that the rate is about.
    posterior : ndarray of shape (n_rows, n_classes)
        Of the truth, by votes and, if it is one of its own, the label.
    wrong : ndarray of shape (n_rows,)
        Chance that the label is wrong; NaN without a label or a vote.
    """

    rate: Interval | None
    origin: str
    rows: int
    posterior: np.ndarray
    wrong: np.ndarray


def label_rate(votes, labels, model, gold):
    r"""Estimate how many labels are wrong from what votes say of the truth.

    A label made of the votes is wrong with the chance that the posterior of the other
    classes is. One of its own is a further source: it joins the label model, since a
    label can be better than the votes. The rate is the mean over rows; its interval is
    that of a jackknife over parts of the rows, for each of which the label model is
    fitted anew, on the scale of log odds.

    Parameters
    ----------
    votes : Votes
    labels : ndarray of shape (n_rows,), int
        Codes of the classes, -1 where there is no label.
    model : label model
        Cloned.
    gold : ndarray of shape (n_rows,), int
        Codes of verified labels, -1 elsewhere.
    """
    posterior, joined = _posterior(model, votes, gold), votes
    origin = origin_of(votes, labels, posterior)
    if origin == "apart":
        joined = _joined(votes, labels)
        posterior = _posterior(model, joined, gold)
    rated = votes.covered & (labels >= 0)
    wrong = np.full(votes.n_rows, np.nan)
    wrong[rated] = 1 - posterior[rated, labels[rated]]
    n = int(rated.sum())
    if joined.n_sources < FEWEST_SOURCES or n < FEWEST_ROWS:
        return LabelRate(None, origin, n, posterior, wrong)
    estimate = float(wrong[rated].mean())
    part_of = random_parts(votes.n_rows, PARTS)
    parts = []
    for part in range(PARTS):
        kept = part_of != part
        truth = _posterior(model, votes_of_rows(joined, kept), gold[kept])
        rows = np.flatnonzero(rated[kept])
        parts.append(1 - truth[rows, labels[kept][rows]].mean())
    rate = _interval(estimate, np.array(parts), n)
    return LabelRate(rate, origin, n, posterior, wrong)


def fitted(model, votes, gold=None):
    """Return a clone of a label model, fitted on votes and verified labels."""
    known = None
    if gold is not None and (gold >= 0).any():
        known = np.full(gold.size, None, dtype=object)
        known[gold >= 0] = votes.classes[gold[gold >= 0]].tolist()
    with warnings.catch_warnings():  # what they say, the result does
        warnings.simplefilter("ignore", WorseThanChanceWarning)
        warnings.simplefilter("ignore", NotConvergedWarning)
        return clone(model).fit(votes, known)


def random_parts(n_rows, n_parts):
    """Return the part of each row: of equal size, drawn by a fixed seed."""
    return np.random.default_rng(0).permutation(n_rows) % n_parts


def votes_of_rows(votes, mask):
    """Votes of some rows, numbered anew."""
    number = np.cumsum(mask) - 1
    kept = mask[votes.row]
    return replace(
        votes,
        row=number[votes.row[kept]],
        source=votes.source[kept],
        code=votes.code[kept],
        n_rows=int(mask.sum()),
    )


def _posterior(model, votes, gold):
    truth = np.array(fitted(model, votes, gold).predict_proba(votes))
    known = np.flatnonzero(gold >= 0)
    truth[known] = 0
    truth[known, gold[known]] = 1
    return truth


def _joined(votes, labels):
    """Votes with the labels as one more source, the last."""
    rows = np.flatnonzero(labels >= 0)
    row = np.concatenate([votes.row, rows])
    source = np.concatenate([votes.source, np.full(rows.size, votes.n_sources)])
    order = np.lexsort((source, row))
    code = np.concatenate([votes.code, labels[rows]])
    return Votes(
        row=row[order],
        source=source[order],
        code=code[order],
        n_rows=votes.n_rows,
        sources=np.append(votes.sources.astype(object), "given label"),
        classes=votes.classes,
    )


def _interval(estimate, parts, rows):
    """Jackknife on the scale of log odds; down to 0 where hardly a row is wrong."""
    tiny = 1e-4
    odds = np.log(np.clip(parts, tiny, 1 - tiny) / (1 - np.clip(parts, tiny, 1 - tiny)))
    centre = np.clip(estimate, tiny, 1 - tiny)
    centre = np.log(centre / (1 - centre))
    n = odds.size
    error = np.sqrt((n - 1) / n * np.square(odds - odds.mean()).sum())
    reach = stats.t.isf(0.025, n - 1) * error
    lower, upper = 1 / (1 + np.exp(-(centre + np.array([-reach, reach]))))
    lower = 0.0 if estimate * rows < FEWEST_WRONG else min(float(lower), estimate)
    return Interval(estimate, lower, max(float(upper), estimate), METHOD)
