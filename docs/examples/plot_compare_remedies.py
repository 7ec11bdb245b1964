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
    scoring="balanced_accuracy",
    random_state=0,
)
print(comparison)

# %%
# Gains with 95 % intervals. Where zero lies inside, "nothing" stays best: the labels
# that validate are as noisy as those that train.

import matplotlib.pyplot as plt

rows = [row for row in comparison.table_ if row["name"] != "nothing"]
gains = [row["difference"] for row in rows]
errors = [
    [row["difference"] - row["lower"] for row in rows],
    [row["upper"] - row["difference"] for row in rows],
]
fig, ax = plt.subplots(figsize=(6, 2.5), layout="constrained")
ax.errorbar(gains, [row["name"] for row in rows], xerr=errors, fmt="o", capsize=3)
ax.axvline(0, color="grey", linewidth=1)
ax.set_xlabel("gain in balanced accuracy over doing nothing")
plt.show()
