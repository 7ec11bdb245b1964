"""A classifier whose decisions are tuned for a metric, out of fold."""

from numbers import Integral

import numpy as np
from scipy.special import expit
from sklearn.metrics import get_scorer_names
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skdataquality.compose import ClassifierWrapper, Edit
from skdataquality.compose._edit import carry
from skdataquality.compose._priors import class_shares
from skdataquality.imbalance._adjusters._decision_scores import DecisionScore
from skdataquality.imbalance._adjusters._offset_choice import (
    choose_offsets,
    log_probabilities,
)
from skdataquality.imbalance._adjusters._offset_search import decide
from skdataquality.lineage import Lineage
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import (
    DEFAULT_FOLDS,
    aligned_proba,
    calibratable_rows,
    fit_on,
    join_groups,
    out_of_fold,
    stratified_folds,
    with_probabilities,
)
from skdataquality.utils._printable import printable
from skdataquality.utils._sklearn import StrOptions, fit_context, num_samples
from skdataquality.utils._validation import encode_labels

FEWEST_TO_HOLD_OUT = 3  # rows of a class: one, and two to calibrate a model by


def _can_say_how_sure(self):
    """Whether there are probabilities, or what they can be calibrated from."""
    fitted = getattr(self, "estimator_", None)
    estimator = self._get_estimator() if fitted is None else fitted
    if not hasattr(estimator, "decision_function"):
        getattr(estimator, "predict_proba")  # noqa: B009  raises AttributeError
    return True


class TunedOffsetClassifierCV(ClassifierWrapper):
    """Classifier whose decisions are tuned for a metric, for any number of classes.

    The estimator is fitted once, on all rows as they are. Its out-of-fold
    probabilities are calibrated [1]_, and each class gets an offset, so that
    ``argmax_k (log p_k + offsets_k)`` has the best score out of fold. For two classes
    this is a tuned threshold, as of
    :class:`~sklearn.model_selection.TunedThresholdClassifierCV`.

    Parameters
    ----------
    estimator : classifier, default=None
        With ``predict_proba``, or with a ``decision_function``, which is calibrated
        inside. None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    scoring : str or callable, default="balanced_accuracy"
        What is maximised: a name, a scorer by :func:`~sklearn.metrics.make_scorer`, or
        a function of ``(estimator, X, y)`` that asks for ``predict`` only. Exact and
        fast for accuracy, balanced accuracy, the geometric mean of recalls, F, Jaccard,
        precision, recall, Matthews' coefficient and Cohen's kappa; a few values of each
        offset are compared for other metrics.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled folds.
    calibration : {"bcts"} or None, default="bcts"
        A temperature and a bias for each class; for two classes a logistic regression
        on the log-odds (Platt). None leaves ``predict_proba`` to the estimator.
    ensemble : bool, default=False
        Whether probabilities are the mean over ``estimator_`` and the models of the
        folds: better ones for unstable learners such as trees, and as many times slower
        to predict.
    n_jobs : int, default=None
    random_state : int, RandomState instance or None, default=None
        For the folds.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on all rows.
    fold_estimators_ : list of classifiers
        Fitted without the rows of a fold each; with ``ensemble=True`` only.
    offsets_ : ndarray of shape (n_classes,)
        Added to logarithms of calibrated probabilities; the first is 0.
    best_threshold_ : float
        For two classes only: the second is predicted where its probability is above.
    offset_kind_ : {"none", "shares", "each"}
        How far the rows bear tuning out: not at all, one strength of
        ``-log(class shares)``, or one offset for each class.
    best_score_ : float
        Score of the decisions out of fold, of that kind: calibration and offsets were
        found without the rows of a fold, whose model had not seen them either. Only
        the choice among the three kinds was made on these scores.
    scores_ : dict of str to float
        The same for each kind.
    calibration_ : TemperatureScaling or None
    class_prior_ : ndarray of shape (n_classes,)
        Weighted shares of the training rows.
    classes_ : ndarray of shape (n_classes,)
    lineage_ : Lineage
        The identity, but for rows of weight 0.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LogitAdjustedClassifier : By formula, for balanced accuracy or costs, without folds.

    Notes
    -----
    Row i switches to class k where its offset passes ``max_{j != k} (log p_ij + b_j) -
    log p_ik``. The score changes there only, so one offset at a time moves to the best
    midpoint, until nothing is gained, starting from the best multiple of
    ``-log(class shares)``.

    With few rows of a class its own offset fits their noise. So each kind is tuned
    without the rows of one fold and decides these, in turn; offsets for each class are
    taken only if they gain more than a standard error on the simpler kinds. The score
    that is tuned is part that of the labels, part the one to be expected if calibrated
    probabilities are right, which few rows do not make jump; for balanced accuracy the
    latter is best at the class shares themselves. The more rows the rarest class has,
    the less does the second count. Metrics that take no ``sample_weight`` have none.

    Before calibration some of the class shares is mixed into probabilities, since a
    forest whose trees agree says 0 or 1.

    Weights count as repetitions in calibration and score, if the metric takes
    ``sample_weight``; others count rows alike. Predictions differ from the largest
    ``predict_proba`` on purpose. Wrong where class shares change after training: move
    the probabilities first, by :class:`~skdataquality.shift.LabelShiftClassifier`.

    References
    ----------
    .. [1] A. Alexandari, A. Kundaje, A. Shrikumar, "Maximum likelihood with
       bias-corrected calibration is hard-to-beat at label shift adaptation", ICML 2020.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.metrics import f1_score
    >>> from skdataquality.imbalance import TunedOffsetClassifierCV
    >>> X, y = make_classification(
    ...     3000, n_informative=4, n_classes=3, weights=[0.85, 0.1], random_state=0
    ... )
    >>> plain = LogisticRegression().fit(X[:2000], y[:2000])
    >>> tuned = TunedOffsetClassifierCV(
    ...     LogisticRegression(), scoring="f1_macro", random_state=0
    ... ).fit(X[:2000], y[:2000])
    >>> said = [model.predict(X[2000:]) for model in (plain, tuned)]
    >>> before, after = [f1_score(y[2000:], labels, average="macro") for labels in said]
    >>> bool(after > before)
    True
    """

    _parameter_constraints: dict = {
        "estimator": ClassifierWrapper._parameter_constraints["estimator"],
        "scoring": [StrOptions(set(get_scorer_names())), callable],
        "cv": ["cv_object"],
        "calibration": [StrOptions({"bcts"}), None],
        "ensemble": ["boolean"],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        scoring="balanced_accuracy",
        cv=None,
        calibration="bcts",
        ensemble=False,
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.scoring = scoring
        self.cv = cv
        self.calibration = calibration
        self.ensemble = ensemble
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None, verified=None, **params):
        """Fit the estimator, calibrate it and tune the offsets out of fold.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Handed to the estimator as it is, never converted.
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times; rows of weight 0 are left out.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold; passed on to wrappers inside.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right. Passed on to wrappers inside.
        **params : dict
            Further metadata for the estimator; needs metadata routing.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If there is one class, the metric needs probabilities, or the estimator has
            neither ``predict_proba`` nor ``decision_function``.
        """
        return self._fit(X, y, sample_weight, groups, verified, params)

    def _is_nothing(self, context):
        return False

    def _edit(self, X, y, context, progress):
        estimator = self._estimator_for(X)
        if not (
            hasattr(estimator, "predict_proba")
            or hasattr(estimator, "decision_function")
        ):
            raise ValueError(
                f"estimator={estimator!r} has neither predict_proba nor "
                f"decision_function, which offsets need: pass a classifier that "
                f"has one of them."
            )
        if np.unique(y).size < 2:
            raise ValueError(
                f"y has 1 class ({self.classes_.tolist()[0]!r}) in {y.size} row(s); "
                f"{type(self).__name__} needs at least 2."
            )
        self._score = DecisionScore(self.scoring, self.classes_)  # raises before a fit
        progress.call_on_fit_task_begin(estimator=self)
        progress.call_on_fit_task_end(estimator=self)
        return Edit(X, y, Lineage.identity(num_samples(X)))

    def _fit_estimator(self, estimator, edit, params, progress):
        if hasattr(estimator, "predict_proba"):
            return super()._fit_estimator(estimator, edit, params, progress)
        codes = encode_labels(edit.y, classes=self.classes_)[1]
        rows = calibratable_rows(np.arange(codes.size), codes)
        model = with_probabilities(estimator, rows, codes)
        return self._fit_with_progress(
            model,
            progress.subcontext(task_name="fit estimator"),
            lambda: fit_on(model, edit.X, edit.y, rows, params),
        )

    def _after_fit(self, X, y, edit, context, params):
        name = type(self).__name__
        groups = carry(edit.lineage, context.groups, name, "groups")
        weight = context.sample_weight
        weight = None if weight is None else weight[edit.lineage.origin]
        with default_fit(self.estimator is None):
            oof = out_of_fold(
                self._estimator_for(X),
                edit.X,
                edit.y,
                cv=self.cv,
                groups=groups,
                fit_params=params,
                keep_models=self.ensemble,
                n_jobs=self.n_jobs,
                random_state=self.random_state,
            )
        if not oof.covered.any():
            raise ValueError(
                f"no row of X could be predicted by a model that had not seen it "
                f"({y.size} rows): pass more rows of each class, or another cv."
            )
        labels, counts = np.unique(edit.y, return_counts=True)
        unseen = labels[
            (counts >= FEWEST_TO_HOLD_OUT) & ~np.isin(labels, edit.y[oof.covered])
        ]
        if unseen.size:
            raise ValueError(
                f"no row of class {printable(repr(unseen.tolist()[0]))} could be "
                f"predicted by a model that has seen others of it: pass cv=None or "
                f"folds that are stratified, and groups that do not hold whole classes."
            )
        if self.ensemble:
            self.fold_estimators_ = [model for model in oof.models if model is not None]
        self._tune(oof, edit.y, groups, weight)

    def _tune(self, oof, y, groups, weight):
        rows = np.flatnonzero(oof.covered)
        codes = encode_labels(y, classes=self.classes_)[1]
        proba = np.zeros((rows.size, self.classes_.size))
        proba[:, np.searchsorted(self.classes_, oof.classes)] = oof.proba[rows]
        chosen = choose_offsets(
            proba,
            codes[rows],
            _folds_of(oof, codes, groups)[rows],
            self._score,
            calibrate=self.calibration is not None,
            weight=None if weight is None else weight[rows],
        )
        del self._score
        self.offsets_ = chosen.values
        self.offset_kind_ = chosen.kind
        self.scores_ = chosen.scores
        self.best_score_ = chosen.scores[chosen.kind]
        self.calibration_ = chosen.calibration
        self.class_prior_ = class_shares(codes, self.classes_.size, weight)
        if self.classes_.size == 2:
            self.best_threshold_ = float(expit(-self.offsets_[1]))

    @available_if(_can_say_how_sure)
    def predict_proba(self, X):
        """Predict class probabilities.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        proba : ndarray of shape (n_samples, n_classes)
            Calibrated out of fold, for the class shares of the training rows; offsets
            have no part in them.
        """
        check_is_fitted(self)
        models = [self.estimator_, *(self.fold_estimators_ if self.ensemble else ())]
        scaling = self.calibration_
        total = np.zeros(1)
        for model in models:
            proba = aligned_proba(model, X, self.classes_)
            total = total + (proba if scaling is None else scaling.apply(proba))
        return total / len(models)

    @available_if(_can_say_how_sure)
    def decision_function(self, X):
        """Return log-probabilities with their offsets, which ``predict`` compares.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        decision : ndarray of shape (n_samples,) or (n_samples, n_classes)
            For two classes that of the second less that of the first.
        """
        decision = log_probabilities(self.predict_proba(X)) + self.offsets_
        return decision[:, 1] - decision[:, 0] if decision.shape[1] == 2 else decision

    @available_if(_can_say_how_sure)
    def predict(self, X):
        """Predict labels.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        y_pred : ndarray of shape (n_samples,)
            ``argmax_k (log p_k + offsets_k)``; of equal ones the first class.
        """
        decided = decide(log_probabilities(self.predict_proba(X)), self.offsets_)
        return self.classes_[decided]


def _folds_of(oof, codes, groups):
    """Fold that predicted each row; others where one fold predicted all of them."""
    folds = np.zeros(codes.size, dtype=np.intp)
    for number, (_, test) in enumerate(oof.splits):
        folds[test] = number
    if np.unique(folds[oof.covered]).size > 1:
        return folds
    return stratified_folds(
        codes, DEFAULT_FOLDS, groups=join_groups(groups), random_state=0
    )
