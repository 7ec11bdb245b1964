"""Find rows whose label the other rows contradict: :class:`LabelErrorDetector`."""

from numbers import Integral
from reprlib import repr as shortened

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils import get_tags
from sklearn.utils.validation import indexable

from skdataquality.compose._weights import fit_parameters
from skdataquality.label_noise._confident import (
    LabelledProba,
    calibrated_joint,
    latent_estimates,
)
from skdataquality.label_noise._detectors._default_ensemble import default_ensemble
from skdataquality.label_noise._detectors._verdicts import verdicts_of
from skdataquality.label_noise._detectors._weak_model import warn_of_a_weak_model
from skdataquality.label_noise._flags import (
    FILTERS,
    SCORES,
    Options,
    fit_noisy_calibration,
    judge_labels,
    most_probable,
    plateau_of,
    quality_scores,
)
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._saving import (
    PersistenceMixin,
    pack_rows,
    pack_values,
    unpack_rows,
    unpack_values,
)
from skdataquality.utils._sklearn import (
    CallbackSupportMixin,
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
    num_samples,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    check_weights,
    encode_labels,
)
from skdataquality.verified import as_verified

# Rows to leave out between rounds: a row too many costs more than a wrong label kept.
ROUND_FILTER = "prune_by_noise_rate"
# of the logarithm: out of fold a model is seldom twice as sure as it may be
POWER_SPREAD = 0.5


class LabelErrorDetector(PersistenceMixin, CallbackSupportMixin, BaseEstimator):
    """Score every label by models that did not see it, and flag the wrong ones.

    Confident learning [1]_ in two rounds of cross-validation: the second trains on the
    rows that the first did not flag by "prune_by_noise_rate", and predicts all of them.
    The probabilities are the mean of both rounds.

    Parameters
    ----------
    estimator : classifier, default=None
        Needs ``predict_proba`` or ``decision_function``. None is the mean of logistic
        regression, a regularised forest and 10 nearest neighbours on scaled columns;
        text, dates and categories in a data frame need skrub. A sequence of texts is
        read by TF-IDF and logistic regression.
    cv : int, splitter, iterable, "oob" or None, default=None
        None is 5 stratified, shuffled folds, fewer if a class has fewer rows; "oob"
        takes the out-of-bag predictions of a bagged ensemble.
    filter_by : str, default="excess_disagreement"
        Rule of :func:`find_label_issues`.
    score_method : {"self_confidence", "normalized_margin", \
            "confidence_weighted_entropy"}, default="normalized_margin"
        Method of :func:`label_quality_scores`.
    n_rounds : int, default=2
        1 is plain cross-validation; more than 2 add little.
    n_repeats : int, default=1
        Cross-validations of each round, with other folds, that are averaged.
    prunable : {"evident", "flagged"}, default="evident"
        Which flagged rows remedies may drop or relabel: those that overlap of the
        classes does not explain, or all, if you know that many labels are wrong.
    n_jobs : int, default=None
        Folds fitted at the same time.
    random_state : int, RandomState instance or None, default=None
        Pass an int for the same folds every time.

    Attributes
    ----------
    issue_mask_ : ndarray of shape (n_samples,), bool
        True where a person should look at the label.
    prunable_mask_ : ndarray of shape (n_samples,), bool
        The flagged rows that a remedy may drop or relabel: those whose label is more
        probably wrong than right even if classes overlap, or all of them if a fifth of
        the labels or more are wrong (Notes).
    sample_scores_ : ndarray of shape (n_samples,)
        Quality of each label in [0, 1], higher is better; NaN if not covered.
    suggested_labels_ : ndarray of shape (n_samples,)
        Most probable class out of fold; the given label where there is none.
    pred_proba_ : ndarray of shape (n_samples, n_classes)
        Out-of-fold probabilities, the mean of all rounds; NaN if not covered.
    last_round_proba_ : ndarray of shape (n_samples, n_classes)
        Those of the last round alone, nearer to the true classes because its models
        learned from fewer wrong labels; NaN if not covered by it.
    covered_ : ndarray of shape (n_samples,), bool
        Rows that some model predicted without having seen them.
    confident_joint_ : ndarray of shape (n_classes, n_classes)
        Counts; rows are given, columns are estimated true labels.
    noise_matrix_ : ndarray of shape (n_classes, n_classes)
        P(given | true); columns sum to 1.
    noise_rate_ : float
        Share of labels estimated to be wrong, in [0, 1]. It trusts the model.
    plateau_ : NoisePlateau
        Whether noise looks class-conditional; if not, review rows before deleting any.
    splits_ : list of tuple
        One tuple per round, of the (train, test) index arrays of its folds; empty for
        out-of-bag predictions. Training rows are those used.
    model_ : classifier
        Unfitted; what judged the labels: ``estimator``, or the default for this table.
    n_fits_ : int
        How often it was fitted: folds, repeats and rounds together.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    WeakModelWarning
        If most flags are the models' own errors: less the noise that is credited below,
        they err on 10 % of the rows or more (or on 80 % of what naming the largest
        class does), and fewer than half of ten or more flagged rows are prunable.

    See Also
    --------
    NoisePruningClassifier : Fits without the flagged rows.
    LabelErrorPruner, LabelErrorCorrector : The same as samplers.
    RegressionErrorDetector : For regression.

    Notes
    -----
    Flags are wrong where the classes overlap: there a right label is contradicted too,
    but the less often the surer the models are, while wrong labels contradict sure
    predictions as well. Both are fitted at once: each given label is drawn from ``T @
    q``, where q is ``pred_proba_`` to a power, and so calibrated to the true classes,
    and T is P(given | true), less 2 % of each true class, which a good model gets wrong
    by itself. A row is prunable if Bayes' rule then makes its label wrong with
    probability 1/2 or more; none is unless T gains more likelihood than chance (one
    unit of its logarithm for each two free cells), nor if the models miss more than 80
    % of the labels that naming the largest class would. Where confidence hardly varies,
    a power below 1 would do as well; models that saw the contradictions are seldom
    twice as sure as they may be, which decides for T. Wrong labels of hard rows look
    like overlap and are not prunable, nor are single wrong labels, which look like
    outliers, nor those that so few rows hold that overlap explains them; heavy tails
    and classes of a shape that the models do not fit look like wrong labels. Where a
    fifth of the labels or more contradict the models however sure these are (the noise
    floor of :func:`label_noise_lens`, p < .02) and these would be good even if no more
    labels were wrong than is certain, flags are mostly right, and all are prunable.
    Where :func:`label_noise_lens` cannot tell, none is.

    Identical rows share a fold, for twins in two folds would confirm each other's wrong
    labels; not those that chance explains, in a few columns of few values. The row's
    own label reaches its score only through the first-round flags of other rows, a
    second-order leak; ``splits_`` allows to audit it.

    What a person has verified replaces what models say of that row: it is never flagged
    nor prunable, its score is 1 if the given label is right and 0 if it is wrong, its
    suggested label is the verified one, and no model learns from one that is wrong.
    Inside cross-validation pass the mask, which scikit-learn slices with the rows (with
    metadata routing on after ``set_fit_request(verified=True)``); a VerifiedLabels
    numbers the rows of the whole table and is refused by a part of it.

    The default fits three families for every fold and round (``n_fits_``), which takes
    some milliseconds a row. In searches ``n_rounds=1`` takes half of the time and ranks
    nearly as well; one linear model as ``estimator`` takes about an eighth and ranks
    somewhat worse. The benchmark "label_noise", part "cost", has the figures.

    References
    ----------
    .. [1] C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating
       uncertainty in dataset labels", JAIR 70, 2021.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skdataquality.label_noise import LabelErrorDetector
    >>> X, y = load_iris(return_X_y=True)
    >>> y[0] = 2  # a setosa called virginica
    >>> detector = LabelErrorDetector(random_state=0).fit(X, y)
    >>> int(detector.sample_scores_.argmin()), detector.issue_mask_[0]
    (0, np.True_)
    """

    _acted_on_by = "LabelErrorPruner"
    _parameter_constraints: dict = {
        "estimator": [
            HasMethods(["fit", "predict_proba"]),
            HasMethods(["fit", "decision_function"]),
            None,
        ],
        "cv": ["cv_object", StrOptions({"oob"})],
        "filter_by": [StrOptions(set(FILTERS))],
        "score_method": [StrOptions(set(SCORES))],
        "n_rounds": [Interval(Integral, 1, None, closed="left")],
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "prunable": [StrOptions({"evident", "flagged"})],
        "n_jobs": [Integral, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        estimator=None,
        *,
        cv=None,
        filter_by="excess_disagreement",
        score_method="normalized_margin",
        n_rounds=2,
        n_repeats=1,
        prunable="evident",
        n_jobs=None,
        random_state=None,
    ):
        self.estimator = estimator
        self.cv = cv
        self.filter_by = filter_by
        self.score_method = score_method
        self.n_rounds = n_rounds
        self.n_repeats = n_repeats
        self.prunable = prunable
        self.n_jobs = n_jobs
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None, verified=None):
        """Score the labels of these rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Labels of any type, in at least two classes.
        sample_weight : array-like of shape (n_samples,), default=None
            Passed to the estimator.
        groups : array-like of shape (n_samples,), default=None
            Rows of one group stay in one fold.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right (Notes).

        Returns
        -------
        self : object
        """
        check_table(self, X, y)
        classes, codes = encode_labels(y)
        check_same_length(X=X, y=y, sample_weight=sample_weight, groups=groups)
        if classes.shape[0] < 2:
            raise ValueError(
                f"y has 1 class ({classes.tolist()[0]!r}) in {codes.shape[0]} "
                f"row(s); wrong labels can only be told from at least 2: add rows of "
                f"another class."
            )
        verdicts = verdicts_of(as_verified(verified, classes[codes]), codes, classes)
        X, groups = indexable(X, groups)
        weights = check_weights(sample_weight, num_samples(X))
        self.__dict__.pop("suggested_labels_", None)  # an unfinished fit is saved as is
        self.classes_ = classes
        progress = self._init_callback_context(max_subtasks=self.n_rounds)
        progress.call_on_fit_task_begin(estimator=self, X=X, y=y)
        with default_fit(self.estimator is None):
            self._predict_in_rounds(X, codes, weights, groups, verdicts, progress)
        self._judge(codes, verdicts)
        progress.call_on_fit_task_end(estimator=self, X=X, y=y)
        return self

    def _predict_in_rounds(self, X, codes, sample_weight, groups, verdicts, progress):
        """Set the mean probabilities of all rounds and the folds of each."""
        chosen = self.estimator
        estimator = default_ensemble(X) if chosen is None else clone(chosen)
        self.model_, self.n_fits_ = estimator, 0
        fit_params = fit_parameters(estimator, sample_weight=sample_weight)
        rng, duplicate_groups = own_rng(self.random_state), repeated_rows(X)
        total = np.zeros((codes.shape[0], self.classes_.shape[0]))
        n_predictions = np.zeros(codes.shape[0], dtype=np.intp)
        self.splits_, trusted = [], None
        if verdicts.is_wrong.any():
            trusted = ~verdicts.is_wrong
        for _ in range(self.n_rounds):
            result = out_of_fold(
                estimator,
                X,
                self.classes_[codes],
                cv=self.cv,
                groups=groups,
                duplicate_groups=duplicate_groups,
                fit_params=fit_params,
                trusted=trusted,
                n_repeats=self.n_repeats,
                n_jobs=self.n_jobs,
                random_state=draw_seed(rng),
                context=progress,
                owner=self,
            )
            if not result.covered.any():
                raise ValueError(
                    f"cv={shortened(self.cv)} gives no row a prediction by a model "
                    f"that has seen its class: use fewer folds, or classes with more "
                    f"rows."
                )
            self.last_round_proba_ = result.proba
            total[result.covered] += result.proba[result.covered]
            n_predictions += result.covered
            self.splits_.append(result.splits)
            self.n_fits_ += max(1, len(result.splits))
            trusted = np.ones(codes.shape[0], dtype=bool)
            data = self._covered_data(codes, result.proba, result.covered)
            trusted[result.covered] = ~FILTERS[ROUND_FILTER](data, Options())
            trusted = verdicts.trusted(trusted)
        self.covered_ = n_predictions > 0
        with np.errstate(invalid="ignore"):
            self.pred_proba_ = total / n_predictions[:, None]

    def _covered_data(self, codes, proba, covered):
        return LabelledProba(codes[covered], proba[covered], self.classes_)

    def _judge(self, codes, verdicts):
        """Flag and score from out-of-fold probabilities, but for verified rows."""
        covered = self.covered_
        data = self._covered_data(codes, self.pred_proba_, covered)
        self.issue_mask_ = np.zeros(codes.shape[0], dtype=bool)
        self.issue_mask_[covered] = FILTERS[self.filter_by](data, Options())
        self.issue_mask_ &= ~verdicts.is_verified
        self.sample_scores_ = np.full(codes.shape[0], np.nan)
        self.sample_scores_[covered] = quality_scores(data, self.score_method)
        self.sample_scores_ = verdicts.scores(self.sample_scores_)
        predicted, confidence = most_probable(data)
        suggested = codes.copy()
        suggested[covered] = predicted
        suggested = np.where(verdicts.is_verified, verdicts.codes, suggested)
        self.suggested_labels_ = self.classes_[suggested]
        joint = calibrated_joint(data).toarray()
        self.confident_joint_ = joint
        self.noise_matrix_ = latent_estimates(joint).noise_matrix
        self.noise_rate_ = float(1 - np.trace(joint) / joint.sum())
        self.plateau_ = plateau_of(data.codes, predicted, confidence)
        judged = judge_labels(data, predicted)
        self.prunable_mask_ = self.issue_mask_.copy()
        if self.prunable == "flagged":
            return
        if judged.may_be_overlap:
            self.prunable_mask_[:] = False
        elif not judged.is_heavy:
            floor = fit_noisy_calibration(
                data.codes, data.proba, power_spread=POWER_SPREAD
            )
            is_wrong = floor.wrong_proba(data.codes, data.proba) >= 0.5
            self.prunable_mask_[covered] &= is_wrong
        warn_of_a_weak_model(
            data.codes, judged.clean_error, self.issue_mask_, self.prunable_mask_
        )

    def _pack(self, state):
        if "suggested_labels_" not in state:  # within fit, on the way to a worker
            return
        n_rows = len(self.suggested_labels_)
        state["splits_"] = [
            [[pack_rows(rows, n_rows) for rows in fold] for fold in splits]
            for splits in self.splits_
        ]
        codes = np.searchsorted(self.classes_, self.suggested_labels_)
        state["suggested_labels_"] = pack_values(codes, 0)

    def _unpack(self, state):
        if "suggested_labels_" not in state:
            return
        n_rows, classes = len(state["covered_"]), state["classes_"]
        state["splits_"] = [
            tuple(
                tuple(unpack_rows(rows, n_rows, np.intp) for rows in fold)
                for fold in splits
            )
            for splits in state["splits_"]
        ]
        packed = state["suggested_labels_"]
        state["suggested_labels_"] = classes[unpack_values(packed, n_rows, 0, np.intp)]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if self.estimator is None:
            tags.input_tags.allow_nan = tags.input_tags.sparse = True
            tags.input_tags.string = True
        else:
            tags.input_tags = get_tags(self.estimator).input_tags
        tags.target_tags.required = True
        return tags
