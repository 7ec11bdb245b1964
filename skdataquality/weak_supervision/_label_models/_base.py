"""What all label models share: :class:`BaseLabelModel`."""

import warnings
from abc import abstractmethod
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from skdataquality.exceptions import NotConvergedWarning, UnknownSourceWarning
from skdataquality.utils._frames import is_frame
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import Interval, fit_context
from skdataquality.utils._validation import check_weights
from skdataquality.weak_supervision._label_models._em import (
    Problem,
    from_scores,
    log_scores,
    majority,
)
from skdataquality.weak_supervision._label_models._intervals import (
    accuracy_intervals,
    expected_hits,
)
from skdataquality.weak_supervision._label_models._warnings import (
    warn_of_bad_sources,
    warn_of_flips,
    warn_of_look_alikes,
    warn_of_unfit_model,
)
from skdataquality.weak_supervision._votes import LongVotes, read_gold, read_votes

EM_CONSTRAINTS: dict = {
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "tol": [Interval(Real, 0, None, closed="left")],
}


class BaseLabelModel(PersistenceMixin, ClassifierMixin, BaseEstimator):
    """Reads votes and gold, predicts, scores; a subclass estimates.

    It defines ``_estimate(problem)``, which sets ``confusion_``, ``class_prior_``,
    ``log_likelihood_``, ``n_iter_``, ``converged_`` and ``_evidence``.
    """

    _parameter_constraints: dict = {
        "missing_label": "no_validation",
        "classes": ["array-like", None],
    }

    def __init__(self, *, missing_label="auto", classes=None):
        self.missing_label = missing_label
        self.classes = classes

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, votes, y=None):
        """Estimate how good each source is.

        Parameters
        ----------
        votes : array-like, data frame or sparse matrix of shape (n_rows, n_sources), \
                or LongVotes
            What each source says of each row; see ``missing_label``. A sparse matrix
            stores the number of the class plus one, and ``classes`` names the classes.
        y : array-like of shape (n_rows,), default=None
            True labels where they are known, missing (as in votes) elsewhere. These
            rows keep their label while the sources are estimated.

        Returns
        -------
        self
        """
        read = read_votes(votes, missing_label=self.missing_label, classes=self.classes)
        read, gold = read_gold(
            y,
            read,
            missing_label=self.missing_label,
            fixed=self.classes is not None,
        )
        self._remember(votes, read)
        if self.classes is None:
            warn_of_look_alikes(read.classes)
        problem = Problem(read, gold)
        self._estimate(problem)
        posterior = self._posterior(read)
        posterior[gold >= 0] = np.eye(read.n_classes)[gold[gold >= 0]]
        self._grade(read, posterior, gold >= 0)
        if not self.converged_:
            warnings.warn(
                f"{type(self).__name__} did not converge in {self.n_iter_} iterations: "
                f"raise max_iter.",
                NotConvergedWarning,
                stacklevel=2,
            )
        warn_of_bad_sources(self)
        warn_of_unfit_model(self, read, posterior, gold >= 0)
        return self

    def _grade(self, read, posterior, known):
        """Set how often each source is right; one without votes is unknown: NaN."""
        n, hits = expected_hits(read, posterior)
        self.accuracies_ = np.divide(hits, n, where=n > 0, out=np.full(n.size, np.nan))
        self.accuracies_interval_ = accuracy_intervals(read, posterior, known=known)

    def _remember(self, votes, read):
        """Set classes, sources and the columns' names where there are some."""
        self.classes_ = read.classes
        # their order says which numbers of a sparse matrix they name
        self._named_classes = read.classes if self.classes is None else self.classes
        self.sources_ = read.sources
        self.n_features_in_ = read.n_sources
        self._is_named = is_frame(votes) or isinstance(votes, LongVotes)
        is_text = [isinstance(name, str) for name in read.sources.tolist()]
        if self._is_named and all(is_text):
            self.feature_names_in_ = read.sources.astype(object)
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_

    def _read(self, votes):
        """Read votes on new rows, their sources matched to those known."""
        check_is_fitted(self)
        options = {
            "missing_label": self.missing_label,
            "classes": self._named_classes,
        }
        is_frame_of_positions = is_frame(votes) and not self._is_named
        is_named = is_frame(votes) or isinstance(votes, LongVotes)
        if is_named and not is_frame_of_positions:
            return read_votes(votes, sources=self.sources_, **options)
        name = type(self).__name__
        if is_frame_of_positions:
            warnings.warn(
                f"X has feature names, but {name} was fitted without feature names",
                UnknownSourceWarning,
                stacklevel=3,
            )
        elif hasattr(self, "feature_names_in_"):
            warnings.warn(
                f"X does not have valid feature names, but {name} was fitted with "
                f"feature names",
                UnknownSourceWarning,
                stacklevel=3,
            )
        read = read_votes(votes, **options)
        if read.n_sources != self.n_features_in_:
            raise ValueError(
                f"X has {read.n_sources} features, but {name} is expecting "
                f"{self.n_features_in_} features as input: pass the votes of the "
                f"same sources."
            )
        return read

    @abstractmethod
    def _estimate(self, problem):
        """Estimate the sources and the prior."""

    def _temper(self, read):
        """Worth of the votes on each row; None is 1."""

    def _posterior(self, read):
        scores = log_scores(
            read.one_hot, self._evidence, self.class_prior_, self._temper(read)
        )
        return from_scores(scores)[0]

    def _ties(self, posterior, read):
        """Class of each row, of equals the one of higher prior, then the first."""
        top = posterior.argmax(axis=1)
        equal = majority(posterior) > 0
        tied = np.flatnonzero(np.count_nonzero(equal, axis=1) > 1)
        top[tied] = np.where(equal[tied], self.class_prior_, -1.0).argmax(axis=1)
        return top

    def predict_proba(self, votes):
        """Return P(class | votes), shape (n_rows, n_classes), columns as ``classes_``.

        Rows without a vote have the prior.
        """
        return self._posterior(self._read(votes))

    def predict(self, votes):
        """Return the most probable class of each row, shape (n_rows,).

        Of equally probable classes the one of higher prior, then the first, is taken;
        on rows without a vote that is the class of highest prior.
        """
        read = self._read(votes)
        codes = self._ties(self._posterior(read), read)
        warn_of_flips(self, read, codes)
        return self.classes_[codes]

    def score(self, votes, y, sample_weight=None):
        """Accuracy of :meth:`predict` on the rows whose true label is known.

        Parameters
        ----------
        votes : as in :meth:`fit`
        y : array-like of shape (n_rows,)
            True labels, missing where unknown.
        sample_weight : array-like of shape (n_rows,), default=None

        Returns
        -------
        float
        """
        read = self._read(votes)
        if y is None:
            raise ValueError("y=None: pass true labels, missing where unknown.")
        _, gold = read_gold(y, read, missing_label=self.missing_label, fixed=True)
        known = gold >= 0
        if not known.any():
            raise ValueError("y holds no label: pass one true label at least.")
        codes = self._ties(self._posterior(read), read)
        weights = check_weights(sample_weight, gold.size)
        hits = (codes == gold)[known]
        return float(
            np.average(hits, weights=None if weights is None else weights[known])
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        tags.classifier_tags.poor_score = True  # votes need not be the label
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        return tags


def symmetric(accuracies, n_classes):
    """P(vote | truth), shape (n_sources, K, K), errors spread evenly."""
    wrong = (1 - accuracies) / max(n_classes - 1, 1)
    table = np.tile(wrong[:, None, None], (1, n_classes, n_classes))
    at = np.arange(n_classes)
    table[:, at, at] = accuracies[:, None]
    return table
