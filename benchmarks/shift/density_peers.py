"""Weights of other libraries beside the true density ratio; see also density_ratio."""

import time
import warnings

import numpy as np
from sklearn import config_context

from benchmarks._problem import Part, grid
from benchmarks.shift.density_ratio import DEFAULT, KERNELS, correlation
from benchmarks.shift.designs import gaussian
from skdataquality.shift import DiscriminatorWeighter, TargetData

N_ROWS = 1000
FIRST_SEED = 100
WIDTHS = np.array([0.01, 0.03, 0.1, 0.3, 1.0])  # kernel coefficients, times columns
PENALTIES = [0.001, 0.01, 0.1, 1.0, 10.0]


def of_ours(weighter):
    def weigh(X, target):
        return weighter.fit(X, X_target=TargetData(target)).sample_weight_

    return weigh


def of_densratio(alpha):
    def weigh(X, target):
        from densratio import densratio

        found = densratio(target, X, alpha=alpha, verbose=False)
        return found.compute_density_ratio(X)

    return weigh


def of_adapt(name):
    """Let it choose among widths and penalties; KMM has no way to."""

    def weigh(X, target):
        from adapt import instance_based

        options = {} if name == "KMM" else {"gamma": list(WIDTHS / X.shape[1])}
        if "LSIF" in name:
            options["lambdas"] = PENALTIES
        peer = getattr(instance_based, name)(
            Xt=target, verbose=0, random_state=0, **options
        )
        return peer.fit_weights(X, target)

    return weigh


def of_skada(name):
    def weigh(X, target):
        import skada

        options = {"gamma": list(WIDTHS / X.shape[1])} if name == "KLIEP" else {}
        peer = getattr(skada, f"{name}ReweightAdapter")(**options)
        pooled = np.concatenate([X, target])
        side = np.repeat([1, -2], [len(X), len(target)])  # below 0 are target rows
        peer.fit(pooled, sample_domain=side)
        return peer.compute_weights(pooled, sample_domain=side)[: len(X)]

    return weigh


WEIGHERS = {
    DEFAULT: of_ours(DiscriminatorWeighter(random_state=0)),
    **{name: of_ours(weighter) for name, weighter in KERNELS.items()},
    "densratio uLSIF": of_densratio(0),
    "densratio RuLSIF": of_densratio(0.1),
    **{f"adapt {name}": of_adapt(name) for name in ("ULSIF", "RULSIF", "KLIEP", "KMM")},
    **{
        f"skada {name}": of_skada(name)
        for name in (
            "Discriminator",
            "Gaussian",
            "Density",
            "NearestNeighbor",
            "KLIEP",
            "KMM",
        )
    },
}


def measure(weights, n_columns, seed):
    X, target, ratio = gaussian(np.random.default_rng(seed), N_ROWS, n_columns)
    weigh = WEIGHERS[weights]
    # importing skada changes how scikit-learn routes metadata, everywhere
    with config_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            weigh(X[:100], target[:100])
        except ImportError:
            return []
        start = time.process_time()
        found = np.ravel(np.asarray(weigh(X, target), dtype=float))
        seconds = time.process_time() - start
    return [
        {
            "correlation": correlation(found, ratio),
            "effective_share": found.sum() ** 2 / np.square(found).sum() / N_ROWS,
            "seconds": seconds,
        }
    ]


def summary(rows):
    found = rows.groupby(["n_columns", "weights"], sort=False)
    return (
        found.agg(
            correlation=("correlation", "median"),
            lowest=("correlation", "min"),
            highest=("correlation", "max"),
            effective_share=("effective_share", "median"),
            seconds=("seconds", "median"),
            seeds=("seed", "nunique"),
        )
        .sort_index(level="n_columns", sort_remaining=False, kind="stable")
        .reset_index()
    )


PART = Part(
    measure,
    "correlation effective_share seconds",
    full=grid(
        weights=tuple(WEIGHERS),
        n_columns=[2, 10, 50],
        seed=range(FIRST_SEED, FIRST_SEED + 3),
    ),
    quick=grid(weights=(DEFAULT, "ULSIFWeighter"), n_columns=[2], seed=[FIRST_SEED]),
    tables={
        "Correlation with the true ratio (median, least and most of the seeds), the "
        "share of rows that the weights are worth, and seconds of one processor; the "
        f"Gaussian design, {N_ROWS} rows a side.": summary
    },
)
