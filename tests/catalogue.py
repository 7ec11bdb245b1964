"""Instances of every public estimator, for the tests that run over all of them."""

from imblearn.over_sampling import RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter

SAMPLERS = [Deduplicator()]
WEIGHTERS = [
    ClassBalanceWeighter(),
    ClassBalanceWeighter("effective"),
    ClassBalanceWeighter("inverse_sqrt"),
]
WRAPPERS = [
    RemediedClassifier(LogisticRegression()),
    RemediedClassifier(LogisticRegression(), ClassBalanceWeighter()),
    RemediedClassifier(LogisticRegression(), Deduplicator()),
    RemediedClassifier(LogisticRegression(), RandomUnderSampler(random_state=0)),
    RemediedClassifier(LogisticRegression(), RandomOverSampler(random_state=0)),
    RemediedClassifier(
        LogisticRegression(), RemedyChain([Deduplicator(), ClassBalanceWeighter()])
    ),
    RemediedClassifier(RemediedClassifier(LogisticRegression()), Deduplicator()),
    RemediedRegressor(LinearRegression()),
    RemediedRegressor(LinearRegression(), Deduplicator()),
]
CHAINS = [
    RemedyChain([ClassBalanceWeighter()]),
    RemedyChain([Deduplicator(), None]),
]
