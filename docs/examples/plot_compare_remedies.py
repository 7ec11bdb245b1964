"""
Does a remedy help?
===================

Every remedy is fitted and scored on the same splits; what counts is its gain over doing
nothing, with an interval.
"""

# %%
# The demo table has wrong labels, repeated rows and a rare class.

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.compose import RemedyChain
from skdataquality.datasets import load_demo
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import NoisePruningClassifier
from skdataquality.model_selection import compare_remedies

demo = load_demo()
model = make_pipeline(StandardScaler(), LogisticRegression())
comparison = compare_remedies(
    model,
    {
        "deduplicate": Deduplicator(),
        "prune labels": NoisePruningClassifier(random_state=0),
        "balance": ClassBalanceWeighter(),
        "deduplicate, balance": RemedyChain([Deduplicator(), ClassBalanceWeighter()]),
    },
    demo.X,
    demo.y,
    scoring=["balanced_accuracy", "roc_auc"],
    random_state=0,
)
print(comparison)

# %%
# Gains with 95 % intervals. Where zero lies inside, "nothing" stays best: the labels
# that validate are as noisy as those that train.

import matplotlib.pyplot as plt

from skdataquality.model_selection import RemedyComparisonDisplay

RemedyComparisonDisplay.from_comparison(comparison)
plt.show()
