"""How many given labels are wrong, by votes of others: :func:`label_rate`."""

import warnings
from dataclasses import dataclass, replace

import numpy as np

from skdataquality.exceptions import (
    NotConvergedWarning,
    UnfitLabelModelWarning,
    WorseThanChanceWarning,
)
from skdataquality.utils._stats import Interval
from skdataquality.weak_supervision._conduct._label_origin import origin_of
from skdataquality.weak_supervision._label_models import accuracy_intervals, unfitted
from skdataquality.weak_supervision._votes import Votes

FEWEST_ROWS = 40
FEWEST_SOURCES = 3
METHOD = "label model, beta, with doubt that all rows share"

_OF_FITS = {NotConvergedWarning, UnfitLabelModelWarning, WorseThanChanceWarning}


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
    that of the accuracy of a source (:func:`accuracy_intervals`), which allows for
    mistakes that sources share.

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
        joined = _joined(votes, np.where(votes.covered, labels, -1))
        posterior = _posterior(model, joined, gold)
    rated = votes.covered & (labels >= 0)
    wrong = np.full(votes.n_rows, np.nan)
    wrong[rated] = 1 - posterior[rated, labels[rated]]
    n = int(rated.sum())
    if joined.n_sources < FEWEST_SOURCES or n < FEWEST_ROWS:
        return LabelRate(None, origin, n, posterior, wrong)
    asked = np.where(rated, labels, -1)
    with_labels = joined if origin == "apart" else _joined(votes, asked)
    rate = _mean_of(wrong[rated], with_labels, posterior)
    return LabelRate(rate, origin, n, posterior, wrong)


def rate_of_consensus(votes, labels, posterior):
    """Estimate how many labels that a label model made of the votes are wrong.

    They cannot be taken for a further source, however much they differ from the most
    frequent votes. ``labels`` are codes of the classes, and ``posterior`` that of the
    model. None if there are too few sources or rows.
    """
    covered = np.flatnonzero(votes.covered)
    if votes.n_sources < FEWEST_SOURCES or covered.size < FEWEST_ROWS:
        return None
    wrong = 1 - posterior[covered, labels[covered]]
    with_labels = _joined(votes, np.where(votes.covered, labels, -1))
    return _mean_of(wrong, with_labels, posterior)


def _mean_of(wrong, with_labels, posterior):
    """Return the mean chance that labels, the last source, are wrong."""
    lower, upper = accuracy_intervals(with_labels, posterior)[-1]
    estimate = float(wrong.mean())
    ends = min(float(1 - upper), estimate), max(float(1 - lower), estimate)
    return Interval(estimate, *ends, METHOD)


def fitted(model, votes, gold=None, *, warns=()):
    """Return a clone of a label model, fitted on votes and verified labels.

    Of what fits warn of, it lets ``warns`` through: the result says the rest.
    """
    known = None
    if gold is not None and (gold >= 0).any():
        known = np.full(gold.size, None, dtype=object)
        known[gold >= 0] = votes.classes[gold[gold >= 0]].tolist()
    with warnings.catch_warnings():
        for kind in _OF_FITS - set(warns):
            warnings.simplefilter("ignore", kind)
        return unfitted(model, votes).fit(votes, known)


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
