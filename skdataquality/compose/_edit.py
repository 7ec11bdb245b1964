"""What a remedy does to a training set: :class:`Edit`, and how it is obtained."""

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
from imblearn.over_sampling import RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.base import clone
from sklearn.utils import get_tags

from skdataquality.base import BaseRowSampler
from skdataquality.compose._foreign_errors import explained
from skdataquality.compose._priors import class_shares
from skdataquality.compose._tracing import recorded_draws, trace_sampler
from skdataquality.compose._weights import named_metadata
from skdataquality.lineage import SYNTHETIC, Lineage
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_rows,
    is_frame,
    is_pandas,
    like_frame,
    listed,
)
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._sources import cross_groups, encode_groups


@dataclass(frozen=True, repr=False)
class Edit(ShownResult):
    """An edited training set, as the ``_edit`` of a wrapper returns it.

    Attributes
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_out, n_features)
        The edited rows.
    y : ndarray of shape (n_out,)
    lineage : Lineage
        How they came about.
    weight : ndarray of shape (n_out,) or None
        What the remedy's weighters multiply the user's weights by.
    prior_ratio : ndarray of shape (n_classes,) or None
        Class shares before over after the steps that move them on purpose; None if
        no step does.
    remedy : estimator or None
        What was fitted to make the edit: a remedy, or the detector of a wrapper that
        acts on its flags by itself. None if nothing was.
    within_class_kept : bool, default=True
        Whether the steps that move class shares leave P(x | y) as it was: one weight
        for all rows of a class, or rows copied or dropped at random.
    """

    X: Any
    y: np.ndarray
    lineage: Lineage
    weight: np.ndarray | None = None
    prior_ratio: np.ndarray | None = None
    remedy: Any = None
    within_class_kept: bool = True


@dataclass(frozen=True)
class RowContext:
    """What travels with the rows while they are edited.

    ``classes`` are None for regression; ``X_target`` is not aligned with the rows and
    is handed on whole; ``verified`` are VerifiedLabels of exactly these rows.
    ``metadata`` are what else ``fit`` was given, for the rows before any edit.
    """

    sample_weight: np.ndarray | None = None
    groups: Any = None
    classes: np.ndarray | None = None
    X_target: Any = None
    verified: Any = None
    metadata: dict | None = None

    def through(self, lineage, name, weight=None):
        """Carry what is known of the rows along an edit made by the remedy ``name``."""
        carried = carry_weight(lineage, self.sample_weight, name)
        return RowContext(
            sample_weight=multiply(carried, weight),
            groups=carry(lineage, self.groups, name, "groups"),
            classes=self.classes,
            X_target=self.X_target,
            verified=carry_verified(lineage, self.verified, name),
        )

    def named_by(self, method):
        """Return the metadata that a method of a remedy names."""
        return named_metadata(
            method,
            sample_weight=self.sample_weight,
            groups=self.groups,
            X_target=self.X_target,
            verified=self.verified,
        )


def is_weighter(remedy):
    """Whether the remedy weights rows."""
    return hasattr(remedy, "predict_weight")


def is_remedy(remedy):
    """Whether an object follows the protocol of a row sampler, weighter or chain."""
    return (
        hasattr(remedy, "fit_resample")
        or is_weighter(remedy)
        or hasattr(remedy, "edit_rows")
    )


def edit_rows(remedy, X, y, context):
    """Apply a clone of a remedy, or None, to training rows and their context."""
    if remedy is None:
        return Edit(X, y, Lineage.identity(num_samples(X)))
    if hasattr(remedy, "edit_rows"):
        return remedy.edit_rows(X, y, context)
    remedy = clone(remedy)
    if is_weighter(remedy):
        return _weigh(remedy, X, y, context)
    if hasattr(remedy, "fit_resample"):
        return _resample(remedy, X, y, context)
    raise ValueError(
        f"remedy={remedy!r} is neither None nor a row sampler (fit_resample), a "
        f"weighter (fit and predict_weight) or a RemedyChain."
    )


def _weigh(weighter, X, y, context):
    given = context.named_by(weighter.fit)
    if not getattr(weighter, "_groups_are_attributes", True):
        given.pop("groups", None)  # which are to be kept together
    weighter.fit(X, y, **given)
    weight = np.asarray(weighter.sample_weight_, dtype=float)
    if weight.shape != (num_samples(X),):
        raise ValueError(
            f"{weighter.__class__.__name__}.sample_weight_ has shape {weight.shape}, "
            f"expected one weight for each of the {num_samples(X)} rows."
        )
    lineage = Lineage.identity(num_samples(X))
    return Edit(
        X,
        y,
        lineage,
        weight=weight,
        prior_ratio=_prior_ratio(weighter, y, y, context, lineage, weight),
        within_class_kept=_is_even_in_classes(weight, y),
        remedy=weighter,
    )


def _resample(sampler, X, y, context):
    if context.classes is None and "target_type" in sampler.get_params(deep=False):
        sampler.set_params(target_type="continuous")
    name = sampler.__class__.__name__
    ours = isinstance(sampler, BaseRowSampler)
    # imbalanced-learn's samplers know no frames but those of pandas
    needs_array = is_frame(X) and not (ours or is_pandas(X))
    given = _as_array(X, sampler) if needs_array else X
    if are_documents(X) and not ours:
        given = as_rows(X)
        _refuse_to_mix_documents(sampler)
    with explained(sampler, X, y), recorded_draws(sampler) as draws:
        X_new, y_new = sampler.fit_resample(
            given, y, **context.named_by(sampler.fit_resample)
        )
    y_new = np.asarray(y_new)
    if num_samples(X_new) != y_new.shape[0] or y_new.shape[0] == 0:
        raise ValueError(
            f"{name}.fit_resample returned {num_samples(X_new)} rows of X and "
            f"{y_new.shape[0]} labels: it must return the same number, at least 1."
        )
    lineage = trace_sampler(sampler, given, y, X_new, y_new, draws)
    if hasattr(sampler, "sample_indices_") and (lineage.origin >= 0).all():
        X_new = take_rows(X, lineage.origin)
    elif is_frame(X):
        X_new = like_frame(X, X_new)
        X_new = _with_categories(X_new, X) if needs_array else X_new
    elif are_documents(X):
        X_new = X_new.ravel()
    return Edit(
        X_new,
        y_new,
        lineage,
        prior_ratio=_prior_ratio(sampler, y, y_new, context, lineage, None),
        within_class_kept=_draws_at_random(sampler, lineage),
        remedy=sampler,
    )


def _as_array(X, sampler):
    """Return a frame as an array, whose dates are no numbers to compute with."""
    frame = as_frame(X)
    dated = [name for name, dtype in frame.schema.items() if dtype.is_temporal()]
    if dated and not get_tags(sampler).input_tags.string:
        raise ValueError(
            f"{sampler.__class__.__name__} computes with numbers, and column(s) "
            f"{listed(dated)} of X hold times: make numbers of them in a step before, "
            f"or take skdataquality.imbalance.SMOTE or RandomOverSampler."
        )
    return frame.to_numpy()


def _with_categories(rows, X):
    """Return made rows with the categorical types of X, as an estimator meets them."""
    types = as_frame(X).schema.items()
    categorical = [(n, t) for n, t in types if isinstance(t, nw.Categorical | nw.Enum)]
    columns = [nw.col(name).cast(dtype) for name, dtype in categorical]
    return as_frame(rows).with_columns(columns).to_native()


def _refuse_to_mix_documents(sampler):
    """Refuse a foreign sampler that computes with cells, where these are texts."""
    if not get_tags(sampler).input_tags.string:
        name = sampler.__class__.__name__
        raise ValueError(
            f"X holds texts, and {name} computes with numbers: use a sampler that "
            f"selects rows, such as RandomOverSampler, or imblearn's make_pipeline("
            f"TfidfVectorizer(), {name}(), clf)."
        )


def _prior_ratio(remedy, y, y_new, context, lineage, weight):
    """Class shares before over after a remedy that moves them on purpose."""
    if context.classes is None or not getattr(remedy, "_alters_class_prior", True):
        return None
    n_classes = context.classes.shape[0]
    name = remedy.__class__.__name__
    before = class_shares(
        np.searchsorted(context.classes, y), n_classes, context.sample_weight
    )
    after = class_shares(
        np.searchsorted(context.classes, y_new),
        n_classes,
        context.through(lineage, name, weight).sample_weight,
    )
    return np.divide(before, after, out=np.zeros(n_classes), where=after > 0)


def _is_even_in_classes(weight, y):
    """Whether rows of one class have the same weight."""
    codes = np.unique(y, return_inverse=True)[1]
    most, least = np.zeros(codes.max() + 1), np.full(codes.max() + 1, np.inf)
    np.maximum.at(most, codes, weight)
    np.minimum.at(least, codes, weight)
    return bool(np.allclose(most, least, rtol=1e-9, atol=0))


def _draws_at_random(sampler, lineage):
    """Whether a sampler repeats or drops rows whatever they hold, as far as is known.

    Lineage tells rows that were made; whether the others were chosen by what they
    hold, it cannot tell.
    """
    drawn = isinstance(sampler, RandomOverSampler | RandomUnderSampler)
    return drawn and bool((lineage.origin >= 0).all())


def multiply(first, second):
    """Product of two optional arrays; None stands for ones."""
    if first is None or second is None:
        return second if first is None else first
    return first * second


def is_row_aligned(value, n_rows):
    """Whether metadata hold one value for each row."""
    return hasattr(value, "__len__") and len(value) == n_rows


def carry_weight(lineage, weight, name):
    """Weights of the output rows, mixed from parents; refused if these are unknown."""
    if weight is None:
        return None
    _refuse_untraced(lineage, name, "sample_weight")
    return lineage.parents @ weight


def carry(lineage, value, name, argument):
    """Take row-aligned metadata along; a synthetic row inherits what its parents share.

    Refused, naming the sampler, where a row's parents are unknown or disagree.
    """
    if value is None:
        return None
    _refuse_untraced(lineage, name, argument)
    origin = lineage.origin.copy()
    made = np.flatnonzero(origin == SYNTHETIC)
    if made.size:
        origin[made] = _common_parent(lineage.parents[made], value, name, argument)
    return take_rows(value, origin)


def carry_verified(lineage, verified, name):
    """Renumber verified labels for the output rows; a synthetic row is not verified."""
    if verified is None:
        return None
    _refuse_untraced(lineage, name, "verified")
    return verified.take(lineage.origin)


def _common_parent(parents, value, name, argument):
    codes = cross_groups(encode_groups(value, name=argument).values()).codes
    starts = parents.indptr[:-1]
    seen = codes[parents.indices]
    if np.any(np.minimum.reduceat(seen, starts) != np.maximum.reduceat(seen, starts)):
        raise ValueError(
            f"{name} mixed rows with different {argument}; the new rows belong to none "
            f"of them. Leave {argument} out, or use a sampler that selects rows."
        )
    return parents.indices[starts]


def _refuse_untraced(lineage, name, argument):
    n_untraced = int(lineage.untraced.sum())
    if n_untraced:
        raise ValueError(
            f"{name} made {n_untraced} row(s) without saying from which rows, so their "
            f"{argument} is unknown. Leave {argument} out (in a chain, put weighters "
            f"after {name}), or use a sampler that sets sample_indices_, such as "
            f"RandomOverSampler."
        )
