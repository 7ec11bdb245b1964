"""
Does a remedy help?
===================

Every remedy is fitted and scored on the same splits; what counts is its gain over doing
nothing, with an interval.
"""

# %%
# The demo table has wrong labels, repeated rows and a rare class. One clinic calls
# malignant tumours benign, so the labels that validate are wrong, too.

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
    scoring="accuracy",
    random_state=0,
)
print(comparison)

# %%
# On these labels "nothing" stays best. The rows where the remedies differ tell more:
# here the planted truth plays the person who checks 60 of them.

plan = comparison.plan_verification(60, random_state=0)
proven = comparison.verify(plan.verified(demo.y_true[plan.rows]))
print(proven.verdict_)

# %%
# Gains with 95 % intervals, by the given labels and by the true ones.

import matplotlib.pyplot as plt

from skdataquality.model_selection import RemedyComparisonDisplay

RemedyComparisonDisplay.from_comparison(proven)
plt.show()
