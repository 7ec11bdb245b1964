"""Every sampler of imbalanced-learn, and rows for all of them."""

import numpy as np
from imblearn import FunctionSampler
from imblearn.combine import SMOTEENN, SMOTETomek
from imblearn.over_sampling import (
    ADASYN,
    SMOTE,
    SMOTEN,
    SMOTENC,
    SVMSMOTE,
    BorderlineSMOTE,
    KMeansSMOTE,
    RandomOverSampler,
)
from imblearn.under_sampling import (
    AllKNN,
    ClusterCentroids,
    CondensedNearestNeighbour,
    EditedNearestNeighbours,
    InstanceHardnessThreshold,
    NearMiss,
    NeighbourhoodCleaningRule,
    OneSidedSelection,
    RandomUnderSampler,
    RepeatedEditedNearestNeighbours,
    TomekLinks,
)
from sklearn.linear_model import LogisticRegression

SELECT = [
    RandomUnderSampler(random_state=0),
    InstanceHardnessThreshold(estimator=LogisticRegression(), random_state=0),
    NearMiss(version=1),
    NearMiss(version=2),
    NearMiss(version=3),
    TomekLinks(),
    EditedNearestNeighbours(),
    RepeatedEditedNearestNeighbours(),
    AllKNN(),
    OneSidedSelection(random_state=0),
    CondensedNearestNeighbour(n_seeds_S=100, random_state=0),
    NeighbourhoodCleaningRule(),
    RandomOverSampler(random_state=0),
    ClusterCentroids(voting="hard", random_state=0),
]
MIX = [  # made rows are the mean of their parents
    SMOTE(random_state=0),
    BorderlineSMOTE(random_state=0),
    BorderlineSMOTE(kind="borderline-2", random_state=0),
    KMeansSMOTE(kmeans_estimator=2, cluster_balance_threshold=0.05, random_state=0),
    ADASYN(random_state=0),
    SMOTEENN(random_state=0),
    SMOTETomek(random_state=0),
    ClusterCentroids(random_state=0),
]
OTHERS = [
    RandomOverSampler(shrinkage=0.5, random_state=0),
    SMOTENC([3], random_state=0),
    SMOTEN(random_state=0),
    SVMSMOTE(random_state=0),
    FunctionSampler(),
]
EVERY = SELECT + MIX + OTHERS


def name_of(sampler):
    """Name it for a test."""
    params = sampler.get_params(deep=False)
    told = [
        f"{k}={params[k]}"
        for k in ("version", "voting", "kind", "shrinkage")
        if params.get(k) is not None
    ]
    return type(sampler).__name__ + "".join(f"-{each}" for each in told)


def rows(n=200, n_few=36, seed=0):
    """Three columns of numbers, one of three categories; two classes that overlap."""
    rng = np.random.default_rng(seed)
    y = np.zeros(n, dtype=int)
    y[rng.choice(n, n_few, replace=False)] = 1
    X = rng.normal(size=(n, 4)) + y[:, np.newaxis]
    X[:, 3] = rng.integers(0, 3, size=n)
    return X, y
