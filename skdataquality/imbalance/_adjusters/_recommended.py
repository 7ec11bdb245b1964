"""What to try for a rare class: the default recipe, and what to compare it with."""

from imblearn.under_sampling import RandomUnderSampler

from skdataquality.imbalance._adjusters._tuned_offsets import TunedOffsetClassifierCV
from skdataquality.imbalance._samplers import SMOTE
from skdataquality.imbalance._weights import ClassBalanceWeighter


def recommended_classifier(
    estimator=None, scoring="balanced_accuracy", *, random_state=None
):
    """Return the default recipe for rare classes: probabilities first, then decisions.

    The estimator is fitted on the rows as they are, neither weighted nor resampled. Its
    probabilities are calibrated out of fold, averaged with those of the models of the
    folds, and decisions are tuned for the declared metric on the same rows out of fold.

    Parameters
    ----------
    estimator : classifier, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`.
    scoring : str or callable, default="balanced_accuracy"
        Metric of decisions that matters, such as "f1", of several classes "f1_macro",
        or a scorer of costs.
    random_state : int, RandomState instance or None, default=None
        For the folds.

    Returns
    -------
    classifier : TunedOffsetClassifierCV
        Not fitted; its parameters may be changed.

    See Also
    --------
    recommended_candidates : What to compare it with on your own rows.

    Notes
    -----
    On the benchmark, on average over data sets, its log-loss is that of the plain fit
    or lower; with forests and boosting its balanced accuracy is better than that of
    SMOTE, and its F1 as good. On single data sets resampling wins: so compare. It is
    wrong where class shares differ in use; correct these first. It costs six fits, and
    six predictions instead of one, which ``ensemble=False`` spares.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.metrics import balanced_accuracy_score
    >>> from skdataquality.imbalance import recommended_classifier
    >>> X, y = make_classification(3000, weights=[0.95], random_state=0)
    >>> plain = LogisticRegression().fit(X[:2000], y[:2000])
    >>> recipe = recommended_classifier(LogisticRegression(), random_state=0)
    >>> recipe = recipe.fit(X[:2000], y[:2000])
    >>> before, after = (
    ...     balanced_accuracy_score(y[2000:], model.predict(X[2000:]))
    ...     for model in (plain, recipe)
    ... )
    >>> bool(after > before)
    True
    """
    return TunedOffsetClassifierCV(
        estimator, scoring=scoring, ensemble=True, random_state=random_state
    )


def recommended_candidates(scoring="balanced_accuracy", *, random_state=None):
    """Return the remedies for rare classes, to be compared on your own rows.

    Parameters
    ----------
    scoring : str or callable, default="balanced_accuracy"
        What the recipe is tuned for: the metric by which they are compared.
    random_state : int, RandomState instance or None, default=None
        Of each.

    Returns
    -------
    remedies : dict of str to remedy
        "class weights", "under-sampling", "SMOTE" and "recipe", for
        :func:`~skdataquality.model_selection.compare_remedies`, which adds "nothing".

    See Also
    --------
    recommended_classifier : The recipe.

    Notes
    -----
    SMOTE takes tables with categories, but no missing numbers: fill them before, or
    leave it out of the dict. Behind the imputer of a pipeline it is searched instead,
    by a grid of ``remediedclassifier__remedy`` over ``make_pipeline(imputer,
    RemediedClassifier(model))``.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.imbalance import recommended_candidates
    >>> from skdataquality.model_selection import compare_remedies
    >>> X, y = make_classification(600, weights=[0.9], random_state=0)
    >>> comparison = compare_remedies(
    ...     LogisticRegression(),
    ...     recommended_candidates("f1", random_state=0),
    ...     X,
    ...     y,
    ...     scoring="f1",
    ...     cv=5,
    ...     random_state=0,
    ... )
    >>> sorted(comparison.ranking_)
    ['SMOTE', 'class weights', 'nothing', 'recipe', 'under-sampling']
    """
    return {
        "class weights": ClassBalanceWeighter(),
        "under-sampling": RandomUnderSampler(random_state=random_state),
        "SMOTE": SMOTE(random_state=random_state),
        "recipe": recommended_classifier(None, scoring, random_state=random_state),
    }
