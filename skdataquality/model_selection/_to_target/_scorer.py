"""Scores of rows like those that a model will meet: :class:`ImportanceWeightedScorer`.

The evaluation has weights of its own, the same for every candidate.
"""

import warnings
from numbers import Real
from reprlib import repr as shortened

from sklearn.base import is_classifier, is_regressor
from sklearn.exceptions import NotFittedError
from sklearn.metrics import check_scoring
from sklearn.utils.metadata_routing import MetadataRequest
from sklearn.utils.validation import has_fit_parameter

from skdataquality.exceptions import OverlapWarning
from skdataquality.model_selection._to_target._weights import TargetWeights
from skdataquality.shift import TargetData
from skdataquality.shift._ratios import LARGEST_WEIGHT
from skdataquality.shift._targets import check_target_data
from skdataquality.utils._sklearn import (
    named_scorers,
    num_samples,
    score_and_question,
    takes_weight,
)
from skdataquality.utils._validation import check_feature_frame, check_weights


class ImportanceWeightedScorer:
    """Scorer of held-out rows, weighted towards the rows where a model will be used.

    For ``GridSearchCV``, ``cross_validate`` and all that takes a ``scoring``. Each
    held-out row counts as much as its density ratio, target over training rows [1]_.
    These weights are fixed before the search: those of a candidate never enter, so a
    candidate that weighs all rows alike is not judged as if there were no shift.

    Parameters
    ----------
    scoring : str, callable, list, dict or None, default=None
        As in :func:`~sklearn.model_selection.cross_validate`; every metric must take
        ``sample_weight``. Of several the scorer returns a dict, as a search expects
        with ``refit=name``. None is accuracy for classifiers and R2 for regressors.
    X_target : TargetData
        Raw rows from where the model will be used.
    weighter : weighter, default=None
        Unfitted; takes ``X_target`` and no labels. None is
        :class:`~skdataquality.shift.DiscriminatorWeighter` with a fixed seed.
    clip : float, default=0.995
        Quantile of the weights at which they are cut, in (0, 1]; 1 cuts none.

    Attributes
    ----------
    weights_ : TargetWeights
        After ``fit``: weights of the rows it was given, and what they rest on.

    Raises
    ------
    ValueError
        If a metric takes no ``sample_weight``, or the weighter needs labels.

    Warns
    -----
    OverlapWarning
        By ``fit``, if the weights would rest on too few rows or target rows hardly
        overlap: scores then are those of rows like X, without weights.

    See Also
    --------
    compare_remedies : Weighs its scores in the same way, given ``X_target``.
    skdataquality.shift.ShiftWeightedClassifier : Weighs the fits.

    Notes
    -----
    Call ``fit(X)`` with all rows of the search once. It sees no label, so no label
    leaks, and the weight of every row comes from a model that has not seen the row. The
    scorer then looks rows up by their content, whatever fold they are in; rows that it
    has not met get ``predict_weight``. The search must be over the whole pipeline, so
    that rows arrive raw, as they were in ``fit``.

    ``clone`` hands the scorer on as itself, fit and all, so nested searches share it.
    It holds the rows of both sides: save ``best_estimator_``, not the search, after
    ``set_params(X_target=None)``. Not for
    :class:`~sklearn.model_selection.TunedThresholdClassifierCV`, which takes a metric
    and no other scorer.

    Corrects for other features only. Where P(y | x) changed, no weight helps; where
    the prior changed alone, the features move with it and the ratio is a stand-in.

    References
    ----------
    .. [1] M. Sugiyama, M. Krauledat, K.-R. Mueller, "Covariate shift adaptation by
       importance weighted cross validation", JMLR 8, 2007.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skdataquality.model_selection import ImportanceWeightedScorer
    >>> from skdataquality.shift import (
    ...     DiscriminatorWeighter,
    ...     ShiftWeightedClassifier,
    ...     TargetData,
    ... )
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(400, 2))
    >>> y = (X[:, 0] ** 2 + 0.3 * rng.normal(size=400) > 1).astype(int)
    >>> target = TargetData(rng.normal([1.2, 0], [0.7, 1], size=(400, 2)))
    >>> scorer = ImportanceWeightedScorer("accuracy", X_target=target).fit(X)
    >>> scorer
    ImportanceWeightedScorer('accuracy', X_target=TargetData(400 rows x 2 columns))
    >>> clf = ShiftWeightedClassifier(
    ...     LogisticRegression(),
    ...     weighter=DiscriminatorWeighter(random_state=0),
    ...     X_target=target,
    ... )
    >>> search = GridSearchCV(
    ...     clf, {"weighter__flatten": [0.0, 1.0]}, scoring=scorer, cv=3
    ... ).fit(X, y)
    >>> search.best_params_
    {'weighter__flatten': 1.0}
    """

    def __init__(self, scoring=None, *, X_target, weighter=None, clip=LARGEST_WEIGHT):
        self.scoring = scoring
        self.X_target = check_target_data(X_target, self)
        self.weighter = weighter
        self.clip = clip
        self._check()

    def fit(self, X, y=None, *, sample_weight=None):
        """Weigh the rows of the search.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            All rows that the search is given, raw.
        y : ignored
            The weights see no label.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.

        Returns
        -------
        self : object
        """
        check_feature_frame(X)
        given = check_weights(sample_weight, num_samples(X))
        vars(self).pop("weights_", None)
        self.weights_ = self._weights_for(X, sample_weight=given)
        ratio = self.weights_.ratio
        self._doubt = self.weights_.doubt(ratio if given is None else ratio * given)
        if self._doubt is not None:
            warnings.warn(
                f"scores are those of rows like X, not of rows like X_target: "
                f"{self._doubt}. Are both preprocessed in the same way? If they are, "
                f"have target rows labelled, and score these.",
                OverlapWarning,
                stacklevel=2,
            )
        return self

    def __call__(self, estimator, X, y, sample_weight=None):
        """Score an estimator on held-out rows.

        Parameters
        ----------
        estimator : fitted estimator
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            Multiplies the weights of the scorer.

        Returns
        -------
        score : float, or dict of str to float with several metrics
            Greater is better.
        """
        if not hasattr(self, "weights_"):
            raise NotFittedError(
                f"{self!r} does not know the rows: call fit(X) with all rows of the "
                f"search first, scoring=ImportanceWeightedScorer(...).fit(X)."
            )
        weights = check_weights(sample_weight, num_samples(X))
        if self._doubt is None:
            ratio = self.weights_.of(X)
            weights = ratio if weights is None else ratio * weights
        scorers = named_scorers(check_scoring(estimator, self._scoring_for(estimator)))
        memory: dict = {}
        scores = {
            name: score_and_question(scorer, estimator, X, y, memory, weights)[0]
            for name, scorer in scorers.items()
        }
        several = isinstance(self.scoring, list | tuple | set | dict)
        return scores if several else scores["score"]

    def _weights_for(self, X, **options):
        """Weights of X, as ``fit`` with these options finds them if it was not."""
        if hasattr(self, "weights_"):
            return self.weights_
        return TargetWeights.fit(
            X, self.X_target, weighter=self.weighter, clip=self.clip, **options
        )

    def _scoring_for(self, estimator):
        """Return the metrics, those by default named for an estimator."""
        if self.scoring is not None:
            return self.scoring
        if is_classifier(estimator):
            return "accuracy"
        if is_regressor(estimator):
            return "r2"
        raise ValueError(
            f"scoring=None, and {shortened(estimator)} is no classifier or regressor: "
            f"name a metric."
        )

    def set_score_request(self, *, sample_weight):
        """Say whether the user's weights are routed to scores.

        Needed only with ``enable_metadata_routing=True``.

        Parameters
        ----------
        sample_weight : bool, None or str
            As in scikit-learn's metadata routing.

        Returns
        -------
        self : object
        """
        self._request = sample_weight
        return self

    def get_metadata_routing(self):
        """Return what the scorer asks of metadata routing.

        Returns
        -------
        routing : MetadataRequest
        """
        request = MetadataRequest(owner=self)
        request.score.add_request(
            param="sample_weight", alias=getattr(self, "_request", None)
        )
        return request

    def _check(self):
        if not isinstance(self.X_target, TargetData):
            raise ValueError(
                "X_target=None: there is nothing to weigh towards. Pass "
                "X_target=TargetData(...) with rows from where the model will be used."
            )
        if not isinstance(self.clip, Real) or not 0 < float(self.clip) <= 1:
            raise ValueError(
                f"clip={self.clip!r} is no quantile: pass a number in (0, 1], 1 for "
                f"weights as they are."
            )
        if self.weighter is not None:
            _check_weighter(self.weighter)
        if self.scoring is None:
            return
        for name, scorer in named_scorers(check_scoring(None, self.scoring)).items():
            if not takes_weight(scorer):
                said = self.scoring if name == "score" else name
                raise ValueError(
                    f"scoring={shortened(said)} takes no sample_weight, so it cannot "
                    f"be weighted towards X_target: use a metric that does, such as "
                    f"make_scorer(func) with func(y_true, y_pred, sample_weight=None)."
                )

    def _accept_sample_weight(self):
        return True  # scikit-learn asks

    def __sklearn_clone__(self):
        return self

    def __repr__(self):
        options = "" if self.weighter is None else f", weighter={self.weighter!r}"
        options += "" if self.clip == LARGEST_WEIGHT else f", clip={self.clip!r}"
        said = "" if self.scoring is None else f"{shortened(self.scoring)}, "
        return f"{type(self).__name__}({said}X_target={self.X_target!r}{options})"


def _check_weighter(weighter):
    fits = hasattr(weighter, "predict_weight") and has_fit_parameter(
        weighter, "X_target"
    )
    if not fits or getattr(weighter, "_needs_labels", False):
        raise ValueError(
            f"weighter={shortened(weighter)} does not weigh by features alone: labels "
            f"of held-out rows must not enter their weights. Use DiscriminatorWeighter."
        )
