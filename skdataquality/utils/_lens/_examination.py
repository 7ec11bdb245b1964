"""What a diagnosis is about, and what is known so far: :class:`Inputs`, `Known`."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    is_frame,
    without_columns,
)
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import encode_labels


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """A table, its roles taken apart, and how to examine it.

    ``label_kind`` is "classes" or "numbers", ``target`` a TargetData or None. Rows of
    one of the ``clusters`` depend on each other, as those of the user's ``groups`` do;
    ``time`` says when they were made, in numbers or datetime64. What ``target_groups``
    and ``target_time`` say of target rows is None if unknown.
    ``estimator`` is the model of the diagnosis, cross-validated by ``cv``,
    ``n_repeats``, ``n_jobs`` and ``seed``; one that ``is_given`` by the user may name
    columns and read any cell. Models see ``rows`` and ``target_rows``, in rising order.
    X holds the rows ``labelled`` of the user's table of ``n_given`` rows; ``pool`` are
    rows without a label (PoolRows), or None.
    ``verified`` are VerifiedLabels of some rows, ``votes`` what annotators say of all
    (Votes), or None. ``prior`` are class shares where the model will be used, by label.
    """

    X: Any
    y: np.ndarray
    label_kind: str
    target: Any
    sources: dict
    groups: Any
    estimator: Any
    is_given: bool
    cv: Any
    n_repeats: int
    n_jobs: int | None
    seed: int
    rows: np.ndarray
    target_rows: np.ndarray
    n_given: int
    labelled: np.ndarray
    clusters: Any = None
    time: Any = None
    target_groups: Any = None
    target_time: Any = None
    verified: Any = None
    votes: Any = None
    prior: Any = None
    pool: Any = None
    notes: tuple = ()

    @property
    def who(self):
        """Where rows or votes come from; false if neither is known."""
        return self.sources or self.votes

    @property
    def labels(self):
        """Labels of the rows that models see."""
        return self.y[self.rows]

    @property
    def modelled_groups(self):
        """Groups of the rows that models see, or None."""
        return None if self.groups is None else take_rows(self.groups, self.rows)

    def features(self, withheld):
        """Return the rows that models see, without some columns."""
        return without_columns(take_rows(self.X, self.rows), withheld)

    def target_features(self, withheld):
        """Return the target rows that models see, without some columns."""
        return without_columns(take_rows(self.target.X, self.target_rows), withheld)

    def model_tables(self, withheld):
        """Return what the model sees of either side, None for no target data.

        A model that the user passed may name columns: theirs are shuffled instead.
        """
        if not self.is_given:
            theirs = None if self.target is None else self.target_features(withheld)
            return self.features(withheld), theirs
        theirs = None if self.target is None else self.target_features(())
        return tuple(
            None if table is None else _shuffled(table, withheld, self.seed)
            for table in (self.features(()), theirs)
        )

    def on_all_rows(self, values, fill):
        """Spread what is known of the rows that models see over all rows."""
        out = np.full((num_samples(self.X), *values.shape[1:]), fill, values.dtype)
        out[self.rows] = values
        return out

    def proba_on_all_rows(self, oof):
        """Return probabilities for all rows, NaN where unknown, and all classes.

        A class of which no row was drawn has probability 0.
        """
        classes = encode_labels(self.y)[0]
        proba = np.zeros((oof.proba.shape[0], classes.shape[0]))
        proba[:, encode_labels(oof.classes, classes=classes)[1]] = oof.proba
        proba[np.isnan(oof.proba).any(axis=1)] = np.nan
        return self.on_all_rows(proba, np.nan), classes


@dataclass(frozen=True, kw_only=True)
class Known:
    """What lenses have found out for those that come after; None is not known.

    No model sees the columns ``leaking`` and ``identifying``; it sees those
    ``suspected``, whose price is asked. Folds keep ``twins`` together. ``oof``, which
    is an `OutOfFoldNumbers` where the label is a quantity, ``flagged`` (a label that
    looks wrong), ``residuals`` and ``noise_scale`` (of a quantity) are about the rows
    that models see; ``labels_doubted`` says whether wrong labels are a finding.
    ``oof_unsuspected`` are predictions without the suspected columns, which would agree
    with wrong labels if they leak, or None if there are none.
    ``voted_rate`` is the share of wrong labels by votes of annotators, an Interval,
    and ``wrong_votes`` the mask of the votes that are rather wrong.
    ``lacking`` holds the reason code why a field is None.
    """

    leaking: tuple = ()
    identifying: tuple = ()
    suspected: tuple = ()
    twins: np.ndarray | None = None
    oof: Any = None
    oof_unsuspected: Any = None
    flagged: np.ndarray | None = None
    labels_doubted: bool | None = None
    residuals: np.ndarray | None = None
    noise_scale: np.ndarray | None = None
    voted_rate: Any = None
    wrong_votes: np.ndarray | None = None
    lacking: dict = field(default_factory=dict)
    results: dict = field(default_factory=dict)
    notes: tuple = ()

    @property
    def withheld(self):
        """Columns that no model sees."""
        return (*self.leaking, *self.identifying)

    def learn(self, *, notes=(), **learned):
        """Return this with some fields replaced, and notes added."""
        return replace(self, notes=(*self.notes, *notes), **learned)

    def told(self, result):
        """Return this with the result of a lens, in place of an earlier one."""
        return replace(self, results=self.results | {result.name: result})


def _shuffled(X, names, seed):
    """Return X with the cells of the named columns in another order of rows."""
    if not names or are_documents(X):
        return X
    order = np.random.default_rng(seed).permutation(num_samples(X))
    if is_frame(X):
        frame = as_frame(X)
        mixed = [frame[name][order.tolist()].alias(name) for name in names]
        return frame.with_columns(*mixed).to_native()
    X = X.copy() if hasattr(X, "copy") else np.array(X)
    X[:, list(names)] = X[order][:, list(names)]
    return X
