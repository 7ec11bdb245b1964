"""Does P(y | x) differ in labelled target rows? :func:`concept_shift_test`."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.base import BaseEstimator

from skdataquality.shift._concept._directions import directions, standardised
from skdataquality.shift._concept._labelled import labelled_rows
from skdataquality.shift._concept._prior_tests import prior_test
from skdataquality.shift._concept._questions import (
    FEWEST_OF_CLASS,
    Question,
    class_questions,
    number_question,
)
from skdataquality.shift._concept._result import ConceptShiftResult
from skdataquality.shift._concept._score_tests import (
    ScoreTest,
    domain_probability,
    pooled_test,
)
from skdataquality.shift._ratios import tell_apart
from skdataquality.shift._targets import as_target_data, same_columns
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval, holm
from skdataquality.utils._validation import (
    as_label_array,
    as_label_column,
    check_same_length,
    check_table,
    is_quantity,
)

FEWEST_LABELLED = 30
ROWS_PER_COLUMN = 25  # labelled target rows for each column looked at
MOST_COLUMNS = 8
SUPPORT = (0.05, 0.95)  # P(target | x) were both sides of the same size
METHOD_OF_NUMBERS = "doubly robust score test of d * [score, columns], the level free"
METHOD = f"{METHOD_OF_NUMBERS}, and test of the means of P(x | y)"
LIMITS = (
    "A change that is the same in all rows is not tested: it looks like a change of "
    "class shares; `level` estimates it.",
    "Only the score of the model and the columns of `where` are looked at, along "
    "straight lines: a change in other columns, or one that cancels out along these, "
    "is not seen.",
    "Labelled target rows count as drawn from the target rows like them: labels given "
    "by what the label is would look like a change.",
)
LIMIT_OF_NUMBERS = (
    "For numbers as labels, a change of the distribution of y with P(x | y) the same "
    "is taken for a change of P(y | x), which it is."
)


def concept_shift_test(
    X,
    y,
    *,
    X_target,
    y_target=None,
    estimator=None,
    cv=None,
    oof=None,
    n_jobs=None,
    random_state=0,
):
    """Test whether P(y | x) differs in labelled target rows, beyond its level.

    A small labelled sample of target rows will do. A model of ``y`` that has seen
    neither gives training and target rows a score. Then two tests are made, and the
    larger p value counts, so that neither a change of P(x) nor one of the class shares
    is taken for a change of P(y | x):

    - labels of target rows are set against those of training rows near them, along the
      score and the columns that matter most: a score test of the interaction with the
      domain in the pooled logistic regression, whose terms are made orthogonal both to
      the regression and to the domain model [1]_, [2]_. The level is free.
    - where only class shares change, P(x | y) is the same: means are compared within
      classes.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        Class labels, or numbers.
    X_target : TargetData, or like X, of shape (n_target, n_features)
    y_target : array-like of shape (n_target,), default=None
        Labels, None or NaN where not known. None takes those of ``X_target``.
    estimator : classifier or regressor, default=None
        Model of ``y``. None is small boosting, which is asked beside any other: a model
        too simple for the training rows, as a straight line may be, errs otherwise in
        other places, which looks like another P(y | x). The larger p value counts.
    cv : int, splitter or None, default=None
        Folds of that model.
    oof : OutOfFold, default=None
        Predictions of that model, with those of all target rows, if known already.
    n_jobs : int, default=None
    random_state : int, default=0

    Returns
    -------
    result : ConceptShiftResult
        Its ``p_value`` is NaN, and ``reason`` says why, with fewer than 30 labelled
        target rows, or on the common support.

    Raises
    ------
    ValueError
        If lengths or columns disagree, or no label of ``y_target`` is known to ``y``.

    See Also
    --------
    decompose_performance_drop : How much of a loss a change of P(y | x) costs.

    Notes
    -----
    Wrong where x leaves out what decides which rows are target rows and what their
    label is: that is a change of P(y | x), though none of the world. Rows that resemble
    their neighbours in time, or come in groups, are worth fewer than they are.

    References
    ----------
    .. [1] R. Shah, J. Peters, "The hardness of conditional independence testing and the
       generalised covariance measure", Annals of Statistics 48, 2020.
    .. [2] V. Chernozhukov et al., "Double/debiased machine learning for treatment and
       structural parameters", Econometrics Journal 21, 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import concept_shift_test
    >>> rng = np.random.default_rng(0)
    >>> X, X_target = rng.normal(size=(1000, 2)), rng.normal(0.5, 1, size=(200, 2))
    >>> y = X[:, 0] + rng.logistic(size=1000) > 0
    >>> same = X_target[:, 0] + rng.logistic(size=200) > 0
    >>> other = X_target[:, 1] + rng.logistic(size=200) > 0
    >>> bool(concept_shift_test(X, y, X_target=X_target, y_target=same).p_value > 0.05)
    True
    >>> bool(concept_shift_test(X, y, X_target=X_target, y_target=other).p_value < 0.01)
    True
    """
    target = as_target_data(X_target)
    y_target = target.y if y_target is None else y_target
    X = check_table(BaseEstimator(), X, y)
    check_same_length(X=X, y=y)
    check_same_length(X_target=target.X, y_target=y_target)
    if y_target is None:
        return _cannot_tell(
            "no target row has a label, and without labels no change of P(y | x) shows"
        )
    X, rows = same_columns(X, target.X)
    is_number = is_quantity(y)
    labels = as_label_column(y) if is_number else as_label_array(y)
    data = labelled_rows(X, labels, rows, y_target)
    n_labelled = data.rows.size
    if n_labelled < FEWEST_LABELLED:
        return _cannot_tell(_too_few("target rows have a label", n_labelled))
    running = {"cv": cv, "n_jobs": n_jobs, "random_state": random_state}
    ask = number_question if is_number else class_questions
    models = (
        [(estimator, oof)] if estimator is None else [(estimator, oof), (None,) * 2]
    )
    asked = [ask(data, model, oof=known, **running) for model, known in models]
    apart = tell_apart(X, data.X_target, n_jobs=n_jobs, random_state=random_state)
    results = [
        _tested(questions, unknown, apart, n_labelled) for questions, unknown in asked
    ]
    return max(results, key=lambda result: np.nan_to_num(result.p_value, nan=2))


def _cannot_tell(reason, **facts):
    return ConceptShiftResult(
        p_value=np.nan, statistic=np.nan, method=METHOD, reason=reason, **facts
    )


def _too_few(what, n):
    return f"{n} {what}, and {FEWEST_LABELLED} are the fewest: label more of them"


def _tested(questions, unknown, apart, n_labelled):
    """Put every question to the rows on the common support."""
    usable = apart.distinct & np.isfinite(apart.proba)
    usable &= np.all([question.usable for question in questions], axis=0)
    proba, kept = _common_support(apart, usable)
    theirs = apart.is_target == 1
    facts = {
        "n_source": int((kept & ~theirs).sum()),
        "n_target": int((kept & theirs).sum()),
        "n_labelled": n_labelled,
        "common_support": float(
            (kept & theirs).sum() / max(1, (usable & theirs).sum())
        ),
        "unknown_labels": unknown,
    }
    for side, n in (("labelled target", "n_target"), ("training", "n_source")):
        if facts[n] < FEWEST_LABELLED:
            what = f"{side} rows, copies left out, lie where the others do"
            return _cannot_tell(_too_few(what, facts[n]), **facts)
    pooled, is_target = take_rows(apart.pooled, np.flatnonzero(kept)), theirs[kept] * 1
    answers = [
        _answer(question.of(kept), pooled, is_target, proba[kept])
        for question in questions
        if question.of(kept).can_be_asked(is_target)
    ]
    if not answers:
        return _cannot_tell(
            f"no class has {FEWEST_OF_CLASS} rows of its own and {FEWEST_OF_CLASS} of "
            f"others, on the common support, among training and labelled target rows",
            **facts,
        )
    return _result(answers, facts)


def _common_support(apart, usable):
    """Return calibrated P(target | x), and the rows that both sides could hold."""
    is_target, proba = apart.is_target, np.full(apart.is_target.shape[0], np.nan)
    if np.unique(is_target[usable]).size < 2:
        return proba, np.zeros(proba.shape[0], dtype=bool)
    proba[usable] = domain_probability(apart.proba[usable], is_target[usable])
    base = is_target[usable].mean()
    even = proba * (1 - base) / (proba * (1 - base) + (1 - proba) * base)
    return proba, usable & (even > SUPPORT[0]) & (even < SUPPORT[1])


def _answer(question, pooled, is_target, proba):
    most = int(np.clip(is_target.sum() // ROWS_PER_COLUMN, 1, MOST_COLUMNS))
    names, H, cells = directions(pooled, is_target, question.score, question.y, most)
    binary = question.codes is not None
    near = pooled_test(H, question.y, is_target, proba, binary=binary)
    within = None
    if binary:
        ours = is_target == 0
        H = np.column_stack([standardised(question.one_model, ours), H[:, 1:]])
        within = prior_test(H, question.y, question.codes, is_target)
    return _Answer(question, names, cells, is_target, near, within)


@dataclass(frozen=True)
class _Answer:
    question: Question
    names: list
    cells: np.ndarray
    is_target: np.ndarray
    near: ScoreTest
    within: float | None  # p value

    def lines(self):
        """One entry per direction."""
        for j, name in enumerate(self.names):
            yield {
                "direction": name,
                "label": self.question.label,
                "change": float(self.near.change[j]),
                "z": float(self.near.z[j]),
                "p_value": float(2 * stats.norm.sf(abs(self.near.z[j]))),
            }

    def regions(self, direction):
        """Thirds of the target rows along a direction: expected and seen."""
        theirs = np.flatnonzero(self.is_target)
        cells = self.cells[theirs, self.names.index(direction)]
        order = np.argsort(cells, kind="stable")
        return [
            {
                "direction": direction,
                "label": self.question.label,
                "lower": float(cells[third[0]]),
                "upper": float(cells[third[-1]]),
                "n_rows": third.size,
                "expected": float(self.near.expected[theirs[third]].mean()),
                "seen": float(self.question.y[theirs[third]].mean()),
            }
            for third in np.array_split(order, 3)
        ]


def _result(answers, facts):
    """Combine the classes (Holm), and take the larger p value of both tests."""
    near = holm([answer.near.p_value for answer in answers])
    best = answers[int(np.argmin(near))]
    p_pooled, p_prior = float(near.min()), np.nan
    asked = [answer.within for answer in answers if answer.within is not None]
    if asked:
        p_prior = float(holm(asked).min())
    where = [line for answer in answers for line in answer.lines()]
    for line, p in zip(where, holm([w["p_value"] for w in where]), strict=True):
        line["p_value"] = float(p)
    where.sort(key=lambda line: -abs(line["z"]))
    of_first = next(a for a in answers if a.question.label == where[0]["label"])
    reach = stats.norm.ppf(0.975) * best.near.level_error
    level = best.near.level
    is_number = best.question.codes is None
    return ConceptShiftResult(
        p_value=p_pooled if np.isnan(p_prior) else max(p_pooled, p_prior),
        statistic=best.near.statistic,
        method=METHOD_OF_NUMBERS if is_number else METHOD,
        p_pooled=p_pooled,
        p_prior=p_prior,
        level=Interval(level, level - reach, level + reach, "normal, of one fit"),
        where=where,
        regions=of_first.regions(where[0]["direction"]),
        limits=LIMITS + (LIMIT_OF_NUMBERS,) * is_number,
        **facts,
    )
