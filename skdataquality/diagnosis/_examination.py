"""One diagnosis under way: what is measured, in measuring order."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import clone

from skdataquality.compose._default import WIDE, needs_encoding
from skdataquality.diagnosis._flag_checks import check_flags
from skdataquality.diagnosis._report import DataQualityReport
from skdataquality.duplicates import duplicate_lens
from skdataquality.imbalance import ImbalanceLensResult, imbalance_lens
from skdataquality.label_noise import (
    LabelErrorDetector,
    LabelNoiseLensResult,
    find_label_issues,
    label_noise_lens,
)
from skdataquality.leakage import leakage_lens, price_leaks
from skdataquality.provenance import ProvenanceLensResult, provenance_lens
from skdataquality.shift import TargetData, shift_lens
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._frames import (
    as_frame,
    column_names,
    is_frame,
    without_columns,
)
from skdataquality.utils._lens import cannot_tell
from skdataquality.utils._probabilities import known_to_be_held_out
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._validation import encode_labels


@dataclass(kw_only=True)
class Examination:
    """The inputs, and what is known so far."""

    X: Any
    y: np.ndarray
    is_discrete: bool
    target: Any  # TargetData or None
    sources: dict
    groups: Any
    estimator: Any
    is_given: bool
    cv: Any
    n_repeats: int
    max_rows: int | None
    n_jobs: int | None
    seed: int
    notes: list = field(default_factory=list)
    twins: np.ndarray | None = None
    oof: Any = None
    lenses: dict = field(default_factory=dict)
    accused: list = field(default_factory=list)
    named: list = field(default_factory=list)

    def steps(self):
        """Name what is measured, in measuring order."""
        steps = {
            "leakage": self.examine_leakage,
            "duplicates": self.examine_duplicates,
            "out-of-fold predictions": self.predict,
            "labels": self.examine_labels,
        }
        if self.target is not None:
            steps["shift"] = self.examine_shift
        if self.sources:
            steps["provenance"] = self.examine_provenance
        return steps

    def examine_leakage(self):
        """Find the columns that no model should see, and set them aside."""
        lens = leakage_lens(
            self.X,
            self.y,
            X_target=None if self.target is None else self.target.X,
            y_target=None if self.target is None else self.target.y,
            random_state=self.seed,
        )
        self.lenses["leakage"] = lens
        self.accused, self.named = list(lens.giveaways), list(lens.identifiers)
        if set(lens.columns) == set(column_names(self.X)):
            self.notes.append("every column is accused, so models see them all")
            self.accused, self.named = [], []

    def examine_duplicates(self):
        """Count equal rows; identifiers would make them look different."""
        features = without_columns(self.X, self.named)
        lens = duplicate_lens(features, self.y)
        self.lenses["duplicates"] = lens
        if lens.verdict != "clear":  # equal by chance is not copied
            self.twins = lens.groups

    def predict(self):
        """Predict rows out of fold without the columns found to leak, and price those.

        Columns that are only suspected stay, and are priced where none is found.
        """
        self._draw_rows()
        if not self.is_discrete or np.unique(self.y[self.rows]).shape[0] < 2:
            return
        self.oof = self._out_of_fold(self.accused + self.named)
        doubted = list(self.lenses["leakage"].suspects)
        if self.accused:
            pair = self._out_of_fold(self.named), self.oof
        elif doubted:
            pair = self.oof, self._out_of_fold(self.named + doubted)
        else:
            return
        labels = self.y[self.rows]
        self.lenses["leakage"] = price_leaks(self.lenses["leakage"], labels, *pair)

    def _draw_rows(self):
        """Choose the rows that models see, on both sides."""
        rng = np.random.default_rng(self.seed)
        n = num_samples(self.X)
        self.rows = draw_rows(n, self.max_rows, rng)
        if self.rows.shape[0] < n:
            self.notes.append(
                f"models see {self.max_rows} of {n} rows, drawn at random (seed "
                f"{self.seed})"
            )
        m = 0 if self.target is None else num_samples(self.target.X)
        self.target_rows = draw_rows(m, self.max_rows, rng)
        if self.target_rows.shape[0] < m:
            self.notes.append(
                f"models see {self.max_rows} of {m} target rows, drawn at random"
            )

    def _model_table(self, hidden):
        """Return the rows that models see, on both sides, without some columns."""
        tables = [take_rows(self.X, self.rows)]
        if self.target is not None:
            tables.append(take_rows(self.target.X, self.target_rows))
        if self.is_given:
            tables = [shuffled_columns(t, hidden, self.seed) for t in tables]
        else:
            tables = [without_columns(t, hidden) for t in tables]
        return tables[0], tables[1] if self.target is not None else None

    def _out_of_fold(self, hidden):
        X, X_target = self._model_table(hidden)
        pick = self.rows
        return out_of_fold(
            self.estimator,
            X,
            self.y[pick],
            cv=self.cv,
            groups=None if self.groups is None else take_rows(self.groups, pick),
            duplicate_groups=None if self.twins is None else self.twins[pick],
            X_new=X_target,
            n_repeats=self.n_repeats,
            n_jobs=self.n_jobs,
            random_state=self.seed,
        )

    def examine_labels(self):
        """Judge class sizes and labels by the out-of-fold predictions."""
        if self.oof is None:
            reason = "y has one class" if self.is_discrete else "regression"
            self.lenses["imbalance"] = cannot_tell(ImbalanceLensResult, reason)
            self.lenses["label_noise"] = cannot_tell(LabelNoiseLensResult, reason)
            return
        proba = np.full((num_samples(self.X), self.oof.classes.shape[0]), np.nan)
        proba[self.rows] = self.oof.proba
        known = {"classes": self.oof.classes, "random_state": self.seed}
        self.lenses["imbalance"] = imbalance_lens(self.y, proba, **known)
        self.flagged = self._flag()
        mask = np.zeros(proba.shape[0], dtype=bool)
        mask[self.rows] = self.flagged
        with known_to_be_held_out():
            lens = label_noise_lens(
                self.y, proba, X=self._measurable(), issue_mask=mask, **known
            )
        if lens.verdict in ("found", "suspect"):
            lens = replace(lens, predictions=self._check_flags())
        self.lenses["label_noise"] = lens

    def _measurable(self):
        """Features between whose rows distances can be measured, or None."""
        X = without_columns(self.X, self.accused + self.named)
        if sp.issparse(X) or not 0 < X.shape[1] <= WIDE:
            return None
        if self.is_given:  # it may read cells that we cannot
            is_readable = (
                not needs_encoding(X) if is_frame(X) else X.dtype.kind in "biuf"
            )
            return X if is_readable else None
        return X

    def _flag(self):
        """Mask of the modelled rows whose label looks wrong."""
        if self.n_repeats > 1:
            return self._flag_in_two_rounds()
        covered = self.oof.covered
        flagged = np.zeros(self.rows.shape[0], dtype=bool)
        labels = self.y[self.rows][covered]
        with known_to_be_held_out():
            flagged[covered] = find_label_issues(
                labels, self.oof.proba[covered], classes=self.oof.classes
            )
        return flagged

    def _flag_in_two_rounds(self):
        detector = LabelErrorDetector(
            self.estimator if self.is_given else None,
            cv=self.cv,
            n_jobs=self.n_jobs,
            random_state=self.seed,
        )
        X, _ = self._model_table(self.accused + self.named)
        groups = None if self.groups is None else take_rows(self.groups, self.rows)
        return detector.fit(X, self.y[self.rows], groups=groups).issue_mask_

    def _check_flags(self):
        codes = encode_labels(self.y[self.rows], classes=self.oof.classes)[1]
        return check_flags(
            without_columns(take_rows(self.X, self.rows), self.accused + self.named),
            codes,
            self.oof.classes,
            self.flagged,
            None if self.twins is None else self.twins[self.rows],
            random_state=self.seed,
        )

    def examine_shift(self):
        """Compare target rows with training rows."""
        hidden = self.accused + self.named
        X = without_columns(take_rows(self.X, self.rows), hidden)
        X_target = without_columns(take_rows(self.target.X, self.target_rows), hidden)
        labels = self.target.y
        if labels is not None:
            labels = take_rows(np.asarray(labels), self.target_rows)
        self.lenses["shift"] = shift_lens(
            X,
            None if self.oof is None else self.y[self.rows],
            X_target=TargetData(X_target, labels),
            oof=self.oof,
            n_jobs=self.n_jobs,
            random_state=self.seed,
        )

    def examine_provenance(self):
        """Ask which source the flagged labels come from."""
        noise = self.lenses["label_noise"]
        if self.oof is None or noise.verdict == "cannot tell":
            reason = (
                "no label could be judged"
                if self.oof is not None
                else noise.summary.removeprefix("cannot tell: ")
            )
            self.lenses["provenance"] = cannot_tell(ProvenanceLensResult, reason)
            return
        covered = self.oof.covered
        rows = self.rows[covered]
        self.lenses["provenance"] = provenance_lens(
            self.flagged[covered],
            {k: take_rows(v, rows) for k, v in self.sources.items()},
            strata=self.y[rows],
        )

    def bound(self, remedies):
        """Give the model to suggested meta-estimators without one, where it matters."""
        if not self.is_given and not hasattr(self.estimator, "steps"):
            return remedies
        return tuple(
            clone(remedy).set_params(estimator=self.estimator)
            if getattr(remedy, "estimator", ...) is None
            else remedy
            for remedy in remedies
        )

    def report(self):
        """Return what was found."""
        return DataQualityReport(
            lenses={
                name: replace(lens, remedies=self.bound(lens.remedies))
                for name, lens in self.lenses.items()
            },
            n_rows=num_samples(self.X),
            n_columns=self.X.shape[1],
            n_target_rows=None if self.target is None else self.target.X.shape[0],
            n_twins_dropped=0 if self.oof is None else self.oof.n_twins_dropped,
            notes=tuple(self.notes),
        )


def shuffled_columns(X, names, seed):
    """Return X with the cells of the named columns in another order of rows."""
    if not names:
        return X
    order = np.random.default_rng(seed).permutation(num_samples(X))
    if is_frame(X):
        frame = as_frame(X)
        mixed = [frame[name][order.tolist()].alias(name) for name in names]
        return frame.with_columns(*mixed).to_native()
    X = X.copy() if hasattr(X, "copy") else np.array(X)
    X[:, names] = X[order][:, names]
    return X
