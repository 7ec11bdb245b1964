"""Class shares of target rows by another library, beside the estimator here."""

import warnings

import numpy as np
from sklearn.base import clone

from benchmarks._problem import Part, grid
from benchmarks.shift.label_designs import MODELS, draw
from skdataquality.shift import LabelShiftEstimator, TargetData

FOLDS = 5


def of_ours(model, sample):
    estimator = LabelShiftEstimator(model, random_state=0)
    estimator.fit(sample.X, sample.y, X_target=TargetData(sample.X_target))
    return estimator.target_prior_


def of_quapy(name, **options):
    def estimate(model, sample):
        from quapy.method import aggregative

        peer = getattr(aggregative, name)(model, val_split=FOLDS, **options)
        return peer.fit(sample.X, sample.y).predict(sample.X_target)

    return estimate


ESTIMATORS = {
    "LabelShiftEstimator": of_ours,
    "quapy EMQ": of_quapy("EMQ"),
    "quapy EMQ, bcts": of_quapy("EMQ", calib="bcts"),
    "quapy PACC": of_quapy("PACC"),
}


def measure(shares_by, shift, model, seed):
    sample = draw("digits", shift, seed)
    # the tables of the peer are messages on the console
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = ESTIMATORS[shares_by](clone(MODELS[model]()), sample)
        except ImportError:
            return []
        except RuntimeError:  # what its calibration raises where it does not converge
            return [{"error": np.nan}]
    training, shares = (
        np.bincount(labels, minlength=sample.prior.size) / labels.size
        for labels in (sample.y, sample.y_target)
    )
    error = np.mean((found / training - shares / training) ** 2)
    return [{"error": 1000 * float(error)}]


def summary(rows):
    found = rows.groupby(["shift", "model", "shares_by"], sort=False)["error"]
    return found.agg(["median", "min", "max", "count"]).reset_index()


PART = Part(
    measure,
    "error",
    full=grid(
        shares_by=tuple(ESTIMATORS),
        shift=["dirichlet", "one class .5"],
        model=["logistic", "naive Bayes"],
        seed=range(6),
    ),
    quick=grid(
        shares_by=["LabelShiftEstimator"],
        shift=["dirichlet"],
        model=["naive Bayes"],
        seed=[0],
    ),
    tables={
        "Squared error of the weights of classes, in thousandths, digits: median, "
        "least and most of the seeds that its calibration converges for.": summary
    },
)
