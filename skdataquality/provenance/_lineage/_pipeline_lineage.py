"""What a fitted pipeline, wrapper or search did to each row it was given."""

from sklearn.utils.validation import check_is_fitted

from skdataquality.provenance._lineage._rows import Rows
from skdataquality.provenance._lineage._steps import composed
from skdataquality.provenance._lineage._walk import Walk
from skdataquality.utils._validation import check_same_length


def traced_steps(fitted, X=None, y=None):
    """List what each step of a fitted estimator did to the rows.

    Parameters
    ----------
    fitted : estimator
        As for :func:`pipeline_lineage`, but none that fits what it holds many times.
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), \
            default=None
    y : array-like of shape (n_samples,), default=None
        As for :func:`pipeline_lineage`.

    Returns
    -------
    steps : list of TracedStep
        In the order in which rows went through them, those that cannot edit or weight
        rows left out. Each starts from the rows that the one before left.

    Raises
    ------
    ValueError
        As :func:`pipeline_lineage`, and for an ensemble.
    """
    walk = _walk(fitted, X, y)
    if walk.inner is not None:
        raise ValueError(
            f"{walk.divides_at} fits what it holds {len(walk.inner)} time(s), each on "
            f"rows of its own: pass one of its inner fits, or use pipeline_lineage, "
            f"which returns one lineage for each."
        )
    return walk.steps


def pipeline_lineage(fitted, X=None, y=None):
    """Trace rows from what an estimator was given to what its last step learned from.

    Goes through pipelines of scikit-learn and imbalanced-learn,
    :class:`TrackedPipeline`, our wrappers and chains of remedies, searches (the
    refitted estimator), tuned thresholds and frozen estimators, in each other.

    Parameters
    ----------
    fitted : estimator
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features), \
            default=None
        What it was fitted on. Wrappers and :class:`TrackedPipeline` need it not. A
        pipeline of imbalanced-learn does: it remembers neither how many rows it was
        given nor what its samplers made.
    y : array-like of shape (n_samples,), default=None

    Returns
    -------
    lineage : Lineage or list of Lineage
        A list, one for each inner fit, where an ensemble (bagging, stacking, voting,
        calibration) fits what edits rows many times. They start from the rows given to
        ``fitted`` where it hands on all of them (stacking, voting), otherwise from the
        rows that the inner fit was given.

    Raises
    ------
    ValueError
        If a wrapper was fitted with ``keep_lineage=False``, if nothing tells how many
        rows there were, or if X and y are not those of the fit.
    NotFittedError

    See Also
    --------
    TrackedPipeline : Keeps its lineage, and lets metadata follow the rows.

    Notes
    -----
    Nothing is guessed. Rows that a sampler of the SMOTE family made have parents if
    exactly one pair of the neighbours that it could have used reproduces them up to
    rounding; others are untraced, such as those of SMOTEN, which mixes categories, rows
    made of whole numbers, or rows made beyond the last one (SVMSMOTE). Copies of a row
    are told apart by their place alone, and a row made of one of them is untraced.

    In a plain pipeline with X and y, samplers that made rows are fitted again, on what
    the transformers made of X. That they do the same again is relied on only with an
    integer ``random_state``, and for a transformer that, fitted again, returns what its
    ``transform`` returns; if not, these rows are untraced. That X holds the rows of the
    fit is checked by their number, and by what samplers remember. Row numbers that a
    sampler of your own keeps (``sample_indices_``) are checked where the rows before it
    are known, and believed elsewhere.

    What learned before the rest was fitted (a frozen estimator, ``cv="prefit"``) is
    traced to the rows that it was given itself.

    Examples
    --------
    >>> from imblearn.pipeline import make_pipeline
    >>> from imblearn.over_sampling import SMOTE
    >>> from imblearn.under_sampling import RandomUnderSampler
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdataquality.provenance import pipeline_lineage
    >>> X, y = make_classification(weights=[0.9], random_state=0)
    >>> half = RandomUnderSampler(sampling_strategy=0.5, random_state=0)
    >>> pipeline = make_pipeline(
    ...     half, StandardScaler(), SMOTE(k_neighbors=3, random_state=0),
    ...     LogisticRegression(),
    ... )
    >>> pipeline_lineage(pipeline.fit(X, y), X, y)
    Lineage(100 rows in, 36 out: 27 kept, 73 dropped, 9 synthetic)
    """
    walk = _walk(fitted, X, y)
    lineages = _lineages(walk, fitted)
    return lineages[0] if walk.inner is None else lineages


def _lineages(walk, fitted):
    """Lineages of all inner fits, or the one of an estimator without any."""
    if walk.inner is None:
        return [_whole(walk, fitted)]
    lineages = []
    for held, rows, are_all in walk.inner:
        for lineage in _lineages(Walk(rows).through(held), held):
            before = walk.steps if are_all else []
            n_in = before[0].lineage.n_in if before else lineage.n_in
            lineages.append(composed(before, n_in).then(lineage))
    return lineages


def _walk(fitted, X, y):
    check_is_fitted(fitted)
    check_same_length(X=X, y=y)
    return Walk(Rows.given(X, y)).through(fitted)


def _whole(walk, fitted):
    n_in = walk.steps[0].lineage.n_in if walk.steps else walk.rows.n
    if n_in is None:
        raise ValueError(
            f"{type(fitted).__name__} edits no rows, and does not tell how many it was "
            f"fitted on: pass the X and y that it was fitted on."
        )
    return composed(walk.steps, n_in)
