"""Follow the rows through a fitted estimator and what it holds."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline

from skdataquality.compose import BaseWrapper, RemedyChain
from skdataquality.lineage import Lineage, Reason
from skdataquality.provenance._lineage._inner_fits import (
    edits_rows,
    inner_fits,
    sole_inner_fit,
)
from skdataquality.provenance._lineage._replay import replay
from skdataquality.provenance._lineage._rows import Rows
from skdataquality.provenance._lineage._steps import TracedStep


@dataclass
class Walk:
    """Steps met so far, the rows that leave them, and fits where the way divides."""

    rows: Rows
    steps: list[TracedStep] = field(default_factory=list)
    divides_at: str = ""
    inner: list[tuple[Any, Rows, bool]] | None = None

    def through(self, estimator, path=""):
        """Go on through a fitted estimator."""
        if isinstance(estimator, BaseWrapper):
            self._edit(estimator, path)
            self.through(estimator.estimator_, _below(path, "estimator"))
        elif isinstance(estimator, Pipeline):
            self._pipeline(estimator, path)
        elif hasattr(estimator, "fit_resample"):
            self._sampler(estimator, path)
        elif (sole := sole_inner_fit(estimator)) is not None:
            if path and isinstance(estimator, FrozenEstimator):
                self._forget_rows(path)
            inside = "regressor" if hasattr(estimator, "regressor_") else "estimator"
            self.through(sole, _below(path, inside))
        elif edits_rows(estimator):
            self.divides_at = type(estimator).__name__
            self.inner = inner_fits(estimator, self.rows)
        return self

    def _forget_rows(self, path):
        """Go on to an estimator that learned before, from rows of its own."""
        if self.steps:
            raise ValueError(
                f"the estimator in FrozenEstimator (step {path!r}) learned from none "
                f"of the rows that {self.steps[-1].name!r} left: pass it alone, with "
                f"the X and y that it was fitted on."
            )
        self.rows = Rows()

    def _pipeline(self, pipeline, path):
        tracked = {step.name: step for step in getattr(pipeline, "traced_steps_", ())}
        for name, step in pipeline.steps:
            below = _below(path, name)
            if step in (None, "passthrough"):
                continue
            if name in tracked:
                self._add(step, tracked[name].lineage, below)
            elif step is pipeline.steps[-1][1] or hasattr(step, "fit_resample"):
                self.through(step, below)
            else:
                self.rows = self.rows.transformed(step)

    def _sampler(self, sampler, path):
        path = path or type(sampler).__name__.lower()
        if hasattr(sampler, "lineage_"):
            self._add(sampler, sampler.lineage_, path)
            return
        lineage, rows = replay(sampler, self.rows, path)
        self.steps.append(TracedStep(path, sampler, lineage))
        self.rows = rows

    def _edit(self, wrapper, path):
        """Go through the edit of a wrapper, whose remedy may be a chain."""
        name = type(wrapper).__name__
        if not hasattr(wrapper, "lineage_"):
            raise ValueError(
                f"{name}{f' (step {path!r})' if path else ''} kept no lineage: fit it "
                f"with keep_lineage=True."
            )
        lineage, remedy = wrapper.lineage_, getattr(wrapper, "remedy_", None)
        weight = getattr(wrapper, "_edit_weight", None)
        if lineage.is_identity and remedy is None and weight is None:
            self.rows = self.rows.checked(lineage.n_in, name)
        elif isinstance(remedy, RemedyChain):
            if lineage.n_in != remedy.lineage_.n_in:
                self._append(wrapper, _weighty(lineage), path or name.lower())
            self._add(remedy, remedy.lineage_, _below(path, "remedy"))
        elif remedy is not None:
            self._append(remedy, lineage, _below(path, "remedy"), weight)
        else:
            self._append(wrapper, lineage, path or name.lower(), weight)

    def _add(self, editor, lineage, path):
        """Add what a sampler did, or the parts of a chain."""
        if not isinstance(editor, RemedyChain):
            self._append(editor, lineage, path, getattr(editor, "sample_weight_", None))
            return
        for (name, _), remedy, part in zip(
            editor.steps, editor.remedies_, editor._lineages, strict=True
        ):
            if remedy is not None:
                self._add(remedy, part, _below(path, name))

    def _append(self, editor, lineage, path, weight=None):
        rows = self.rows.checked(lineage.n_in, type(editor).__name__)
        self.steps.append(TracedStep(path, editor, lineage, weight))
        self.rows = rows.edited(lineage)


def _below(path, name):
    return f"{path}__{name}" if path else name


def _weighty(lineage):
    """Lineage of a wrapper that left out the rows of weight 0, and no others yet."""
    return Lineage.from_selection(
        np.flatnonzero(lineage.drop_reason != Reason.ZERO_WEIGHT),
        n_in=lineage.n_in,
        drop_reason=Reason.ZERO_WEIGHT,
    )
