"""Training rows drawn as often as target rows lie there: :class:`ImportanceResampler`.

For pipelines whose samplers would lose weights.
"""

from numbers import Integral, Real

import numpy as np

from skdataquality.base import BaseRowSampler, protect_classes
from skdataquality.lineage import Lineage, Reason
from skdataquality.shift._targets import choose_target
from skdataquality.shift._weighted import fit_weighter
from skdataquality.utils._draws import own_rng
from skdataquality.utils._first_guesses import refuse_parameters_of_none
from skdataquality.utils._sklearn import (
    HasMethods,
    Interval,
    StrOptions,
    fit_context,
)


class ImportanceResampler(BaseRowSampler):
    """Sampler that draws training rows in proportion to their weight towards a target.

    For imbalanced-learn pipelines, in which weights do not pass a sampler; elsewhere
    :class:`ShiftWeightedClassifier` uses the weights themselves, without the noise of
    a draw. Rows are drawn by systematic resampling: of m drawn, a row of share w of
    all weight appears ``floor(m w)`` or ``ceil(m w)`` times, ``m w`` on average, and
    every class (for numbers: every range of y) as often as its weight says, but for
    one row.

    Parameters
    ----------
    weighter : weighter, default=None
        None is :class:`DiscriminatorWeighter`. Pass one to tune
        ``weighter__flatten``.
    X_target : TargetData, default=None
        Rows from where the model will be used, as the rows that arrive here: raw, or in
        a later step of a pipeline transformed in the same way. May be given to
        ``fit_resample`` instead. None draws nothing: all rows are kept once.
    sampling_fraction : float, default=1.0
        Rows drawn over rows given, greater than 0. More than 1 lessens the noise of
        the draw.
    target_type : {"discrete", "continuous"}, default="discrete"
        :class:`~skdataquality.compose.RemediedRegressor` sets it.
    min_samples_per_class : int, default=1
        Rows that stay in each class, the heaviest first, if fewer are drawn.
    random_state : int, RandomState instance or None, default=None
        For the draw, and for the default weighter.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_drawn,), int
        Rows drawn, in rising order.
    lineage_ : Lineage
    weighter_ : fitted weighter or None
        By default it holds no target rows, but values of single cells, where its trees
        split; weighters of kernels hold ``n_centers`` rows, standardised
        (:class:`KMMWeighter` training rows).
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    ClassKeptWarning
        If fewer than ``min_samples_per_class`` rows of a class were drawn.
    OverlapWarning
        From the weighter, if training and target rows hardly overlap.

    See Also
    --------
    ShiftWeightedClassifier : Weights instead of copies; the better choice if the
        estimator takes them.

    Notes
    -----
    A ``sample_weight`` is taken along, row by row, and multiplies: a weight k means
    that the row counts k times, however often it is drawn.

    Wrong before a step that splits its rows again (early stopping, calibration,
    a search inside): copies of a row then lie on both sides. Wrong where P(y | x)
    changed.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.shift import ImportanceResampler, TargetData
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(500, 2))
    >>> y = (X[:, 1] > 0).astype(int)
    >>> target = TargetData(rng.normal([1, 0], 1, size=(500, 2)))
    >>> sampler = ImportanceResampler(X_target=target, random_state=0)
    >>> X_drawn, y_drawn = sampler.fit_resample(X, y)
    >>> X_drawn.shape
    (500, 2)
    >>> bool(X_drawn[:, 0].mean() > 0.7)  # of target rows it is 1
    True
    """

    _parameter_constraints: dict = {
        "weighter": [HasMethods(["fit", "predict_weight"]), None],
        "X_target": "no_validation",  # checked with the cure in the message
        "sampling_fraction": [Interval(Real, 0, None, closed="neither")],
        "target_type": [StrOptions({"discrete", "continuous"})],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        weighter=None,
        *,
        X_target=None,
        sampling_fraction=1.0,
        target_type="discrete",
        min_samples_per_class=1,
        random_state=None,
    ):
        self.weighter = weighter
        self.X_target = X_target
        self.sampling_fraction = sampling_fraction
        self.target_type = target_type
        self.min_samples_per_class = min_samples_per_class
        self.random_state = random_state

    def set_params(self, **params):
        """Set parameters, also those of nested objects, as ``weighter__flatten``.

        Parameters
        ----------
        **params : dict

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If the nested object is None.
        """
        refuse_parameters_of_none(self, params)
        return super().set_params(**params)

    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y, *, sample_weight=None, groups=None, X_target=None):
        """Draw training rows in proportion to their weight.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times.
        groups : array-like of shape (n_samples,), default=None
            Ignored.
        X_target : TargetData, default=None
            Target rows, if the constructor was given none.

        Returns
        -------
        X_resampled, y_resampled : same containers as X and y
        """
        target = choose_target(self.X_target, X_target, self)
        own = getattr(self.weighter, "X_target", None)
        target = choose_target(own, target, self)
        return self._resample(
            X, y, sample_weight=sample_weight, groups=groups, X_target=target
        )

    def _edit(self, X, y, codes, classes, *, sample_weight, groups, X_target):
        n = y.shape[0]
        if X_target is None:
            self.weighter_ = None
            return Lineage.identity(n)
        rng = own_rng(self.random_state)
        self.weighter_ = fit_weighter(
            self.weighter,
            X,
            y,
            X_target,
            sample_weight=sample_weight,
            random_state=int(rng.randint(np.iinfo(np.int32).max)),
        )
        weights = self.weighter_.sample_weight_
        n_drawn = max(1, round(self.sampling_fraction * n))
        counts = draw_systematically(
            weights, n_drawn, y if codes is None else codes, rng
        )
        if codes is not None:
            drop = protect_classes(
                counts == 0,
                codes,
                classes,
                trust=weights,
                minimum=self.min_samples_per_class,
            )
            counts = np.where(drop, 0, np.maximum(counts, 1))
        return Lineage.from_selection(
            np.repeat(np.arange(n), counts), n_in=n, drop_reason=Reason.RESAMPLED
        )


def draw_systematically(weights, n_drawn, strata, rng):
    """Say how often each row is drawn, of ``n_drawn`` in all.

    Points at equal distance are laid along the rows, which take up length by weight,
    sorted by ``strata`` and in random order within equal ones: low variance [1]_.

    References
    ----------
    .. [1] G. Kitagawa, "Monte Carlo filter and smoother for non-Gaussian nonlinear
       state space models", JCGS 5, 1996.
    """
    strata = np.asarray(strata)
    keys = strata.reshape(strata.shape[0], -1).T  # y may have columns
    order = np.lexsort((rng.random_sample(weights.shape[0]), *keys))
    ends = np.cumsum(weights[order])
    points = (rng.random_sample() + np.arange(n_drawn)) * (ends[-1] / n_drawn)
    hit = np.minimum(np.searchsorted(ends, points, side="right"), weights.size - 1)
    counts = np.zeros(weights.shape[0], dtype=np.intp)
    counts[order] = np.bincount(hit, minlength=weights.shape[0])
    return counts
