"""Samplers that clean classes of rows near to other classes."""

from numbers import Integral

import numpy as np
from imblearn.utils import check_sampling_strategy

from skdataquality.base import BaseRowSampler, protect_classes
from skdataquality.imbalance._samplers._numbers import as_finite_numbers
from skdataquality.lineage import Lineage
from skdataquality.utils._frames import listed
from skdataquality.utils._sklearn import Interval, StrOptions


class CleaningSampler(BaseRowSampler):
    """Row sampler that drops rows of some classes for what lies near to them.

    A subclass has a ``_reason`` and ``_find(X, codes, targets)``, which returns of each
    row the row of another class for which it is dropped, or -1, and the squared
    distance to it.
    """

    _alters_class_prior = True
    _parameter_constraints: dict = {
        "sampling_strategy": [
            StrOptions({"auto", "majority", "not minority", "not majority", "all"}),
            list,
            callable,
        ],
        "min_samples_per_class": [Interval(Integral, 1, None, closed="left")],
    }
    sampling_strategy = "auto"  # a parameter, unlike that of the base

    def _check(self, X, y):
        table, *labels = super()._check(X, y)
        return as_finite_numbers(table, self), *labels

    def _edit(self, X, y, codes, classes, *, sample_weight, groups):
        targets = self._target_codes(codes, classes)
        ref, squared = self._find(X, codes, targets)
        drop = protect_classes(
            ref >= 0,
            codes,
            classes,
            trust=squared,
            minimum=self.min_samples_per_class,
        )
        return Lineage.from_selection(
            self._in_order(np.flatnonzero(~drop), codes),
            n_in=codes.size,
            drop_reason=self._reason,
            drop_ref=ref,
        )

    def _in_order(self, kept, codes):
        """Order of the rows left: that of the input."""
        return kept

    def _targets(self, codes, classes):
        counts, labels = np.bincount(codes), classes.tolist()
        return {
            labels[code]: int(counts[code])
            for code in self._target_codes(codes, classes)
        }

    def _target_codes(self, codes, classes):
        """Codes of the classes that are cleaned, in rising order."""
        strategy = self.sampling_strategy
        if callable(strategy):
            strategy = strategy(classes[codes])
        if isinstance(strategy, str):
            return sorted(check_sampling_strategy(strategy, codes, "clean-sampling"))
        if not isinstance(strategy, list):
            raise ValueError(
                f"sampling_strategy returned a {type(strategy).__name__}: let it "
                f"return a list of the classes to clean."
            )
        place = {label: code for code, label in enumerate(classes.tolist())}
        unknown = [label for label in strategy if label not in place]
        if unknown:
            raise ValueError(
                f"sampling_strategy names class(es) {listed(unknown)} that are not in "
                f"y, whose classes are {listed(classes.tolist())}."
            )
        return sorted({place[label] for label in strategy})

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = False
        tags.input_tags.string = False
        return tags
