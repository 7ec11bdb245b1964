"""A pipeline whose metadata follow the rows: :class:`TrackedPipeline`."""

from contextlib import nullcontext
from functools import partial

from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_memory

from skdataquality.compose._tracing import recorded_draws, trace_sampler, untraced
from skdataquality.provenance._lineage._metadata import carry_metadata
from skdataquality.provenance._lineage._steps import TracedStep, composed
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    fit_context,
    fit_resample_one,
    fit_transform_one,
    num_samples,
    routing_enabled,
)
from skdataquality.utils._validation import check_same_length


def _ends_in_a_sampler(pipeline):
    last = pipeline.steps[-1][1]
    return last in (None, "passthrough") or hasattr(last, "fit_resample")


class TrackedPipeline(PersistenceMixin, Pipeline):
    """Pipeline with samplers after which weights, groups and sources still fit.

    The pipeline of imbalanced-learn edits X and y, and hands the metadata to later
    steps as they were given: of the wrong length, or of other rows. Here they are
    indexed anew after each sampler. Of a row that a sampler kept or repeated, they are
    those of that row; of a row that it made, ``sample_weight`` is the mean of its
    parents, and other metadata are what its parents share. All else is as in
    imbalanced-learn.

    Parameters
    ----------
    steps : list of (str, estimator)
        Transformers, samplers and, last, an estimator or a sampler.
    transform_input : list of str, default=None
        Metadata to transform as X is, such as a validation set; they are no metadata of
        the training rows and stay as they are. Needs metadata routing.
    memory : str or object with the joblib.Memory interface, default=None
        Cache of fitted transformers and samplers.
    verbose : bool, default=False
        Whether to print the time of each step.

    Attributes
    ----------
    lineage_ : Lineage
        From the rows given to ``fit`` to those that reached the last step, or left it
        in ``fit_resample``.
    traced_steps_ : list of TracedStep
        The same for each sampler.
    named_steps : Bunch
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of str

    Raises
    ------
    ValueError
        In ``fit``, if metadata are given to a step and the parents of a row that a
        sampler made are unknown or, but for ``sample_weight``, have different ones.

    See Also
    --------
    pipeline_lineage : What any fitted pipeline did to the rows.
    skdataquality.compose.RemediedClassifier : Binds a sampler to a classifier, and
        restores its probabilities to the prior of the rows before.

    Notes
    -----
    Without metadata routing, ``fit(X, y, step__sample_weight=w)`` gives weights to a
    step, samplers included; with it, they go where they are requested, unless it is
    ``fit_resample`` of the pipeline, where imbalanced-learn routes nothing to samplers
    before the last one. Metadata are those of training rows if there is one for each
    row that reaches a sampler.

    A transformer that drops or adds rows leaves them untraced.

    Examples
    --------
    >>> import numpy as np
    >>> from imblearn.over_sampling import SMOTE
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skdataquality.provenance import TrackedPipeline
    >>> X, y = make_classification(weights=[0.9], random_state=0)
    >>> weight = np.where(y == 1, 2.0, 1.0)
    >>> pipeline = TrackedPipeline(
    ...     [
    ...         ("scale", StandardScaler()),
    ...         ("smote", SMOTE(random_state=0)),
    ...         ("clf", LogisticRegression()),
    ...     ]
    ... )
    >>> pipeline.fit(X, y, clf__sample_weight=weight).lineage_
    Lineage(100 rows in, 182 out: 100 kept, 82 synthetic)
    >>> first = pipeline.lineage_.parents[[100]]
    >>> first.indices.tolist(), first.data.round(2)
    ([49, 97], array([0.65, 0.35]))
    """

    steps: list
    _hands_weights_on = True

    def _check_method_params(self, method, props, **kwargs):
        routed = super()._check_method_params(method, props, **kwargs)
        if not routing_enabled():
            for name, step in self.steps:
                if hasattr(step, "fit_resample"):
                    routed[name]["fit_resample"].update(routed[name]["fit"])
        return routed

    def _fit(self, X, y=None, routed_params=None, raw_params=None):
        self.steps = list(self.steps)
        self._validate_steps()
        memory = check_memory(self.memory)
        check_same_length(X=X, y=y)  # which not every sampler does
        n_in = num_samples(X)
        self.traced_steps_: list[TracedStep] = []
        for at, name, step in self._iter(with_final=False, filter_resample=False):
            is_plain = getattr(memory, "location", True) is None
            if not is_plain:
                step = clone(step)
            params = routed_params[name]
            if hasattr(step, "fit_resample"):
                fit_one = partial(memory.cache(fit_resample_one), step, X, y)
            else:
                fit_one = partial(memory.cache(fit_transform_one), step, X, y, None)
                params = self._get_metadata_for_step(
                    step_idx=at, step_params=params, all_params=raw_params
                )
            message = self._log_message(at)
            with recorded_draws(step) if is_plain else nullcontext() as draws:
                *rows, fitted = fit_one("Pipeline", message=message, params=params)
            self.steps[at] = name, fitted
            self._track(name, fitted, (X, y), rows, routed_params, draws)
            X, y = rows if len(rows) == 2 else (*rows, y)
        self.lineage_ = composed(self.traced_steps_, n_in)
        return X, y

    def _track(self, name, fitted, before, after, routed, draws=None):
        """Keep what a step did to the rows, and let the metadata of the rest follow."""
        if len(after) == 2:
            (X, y), (X_new, y_new) = before, after
            lineage = trace_sampler(fitted, X, y, X_new, y_new, draws)
        elif num_samples(after[0]) != num_samples(before[0]):
            lineage = untraced(num_samples(before[0]), num_samples(after[0]))
        else:
            return
        self.traced_steps_.append(TracedStep(name, fitted, lineage))
        names = [step for step, _ in self.steps]
        to_come = [
            step
            for step, estimator in self.steps[names.index(name) + 1 :]
            if estimator is not None
        ]
        carry_metadata(
            routed, to_come, lineage, type(fitted).__name__, self.transform_input or ()
        )

    @available_if(_ends_in_a_sampler)
    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y=None, **params):
        """Fit the transformers and samplers, and return what the last one leaves.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            Metadata for the steps, as in ``fit``.

        Returns
        -------
        X_resampled, y_resampled : the rows and labels after the last step
        """
        routed = self._check_method_params(method="fit_resample", props=params)
        X, y = self._fit(X, y, routed)
        name, last = self.steps[-1]
        if not hasattr(last, "fit_resample"):
            return X, y
        with recorded_draws(last) as draws:
            made = last.fit_resample(X, y, **routed[name]["fit_resample"])
        self._track(name, last, (X, y), made, routed, draws)
        self.lineage_ = self.lineage_.then(self.traced_steps_[-1].lineage)
        return made
