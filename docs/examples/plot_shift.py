"""
From a plant that was measured to one that was not
==================================================

A model learned from machines in a mild climate and is wanted in a hot plant, from
where there are rows without labels. What has shifted, what will it cost, what mends
it, and what would no unlabelled row have shown?
"""

# %%
# The machines are made up, so that labels of the hot plant are known: they fail when
# they run cold and when they overheat. There are few hot ones to learn from.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

rng = np.random.default_rng(0)


def machines(n, heat, spread):
    X = pd.DataFrame(
        {
            "heat": rng.normal(heat, spread, n),
            "load": rng.uniform(0, 1, n),
            "age": rng.exponential(4, n),
        }
    )
    felt = X["heat"] + 10 * (X["load"] - 0.5) + rng.normal(0, 2, n)
    return X, np.where((felt < 48) | (felt > 62), "fails", "runs")


X, y = machines(1500, 50, 10)
X_hot, y_hot = machines(800, 60, 7)

# %%
# The lens names the kind of shift, the column that carries it, and which target rows
# to label to see what cannot be seen without.

from skdataquality.shift import DriftDisplay, ShiftDetector, TargetData, shift_lens

target = TargetData(X_hot)
lens = shift_lens(X, y, X_target=target)
print(lens.summary)
print(lens.limits[-1])

detector = ShiftDetector(X_target=target, random_state=0).fit(X)
DriftDisplay.from_estimator(detector)
plt.show()

# %%
# How well target rows are told from training rows. The curve runs along neither edge
# for long, so the sides overlap and weights can help.

from skdataquality.shift import DomainROCDisplay

DomainROCDisplay.from_estimator(detector)
plt.show()

# %%
# The model is a straight line, which is right on most training rows. What is it going
# to be worth? Confidence hopes too much of a model that is too simple; importance
# weighting asks where it errs, and comes nearer to the truth, which nobody would
# have.

from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.shift import estimate_target_performance

model = make_pipeline(StandardScaler(), LogisticRegression())
expected = estimate_target_performance(model, X, y, X_target=target)
print(expected.to_frame()[["method", "estimate", "lower", "upper"]].round(2))
print(f"true accuracy there: {model.fit(X, y).score(X_hot, y_hot):.2f}")

# %%
# Weights make training rows look like the hot plant. They cost rows: the effective
# sample size says how many are left.

from skdataquality.shift import DiscriminatorWeighter, WeightDisplay

weighter = DiscriminatorWeighter(random_state=0).fit(X, X_target=target)
WeightDisplay.from_weighter(weighter)
plt.show()

# %%
# Do they help? The held-out rows are weighted towards the target, too: plain scores
# would punish a model for being right in the hot plant.

from skdataquality.model_selection import RemedyComparisonDisplay, compare_remedies
from skdataquality.shift import ShiftWeightedClassifier

comparison = compare_remedies(
    model,
    {"weights": ShiftWeightedClassifier(random_state=0)},
    X,
    y,
    X_target=target,
    cv=3,
    random_state=0,
)
RemedyComparisonDisplay.from_comparison(comparison)
plt.show()

# %%
# Labels of the hot plant, had there been any, agree.

weighted = ShiftWeightedClassifier(model, X_target=target, random_state=0).fit(X, y)
print(f"straight line: {model.score(X_hot, y_hot):.2f}")
print(f"weighted line: {weighted.score(X_hot, y_hot):.2f}")

# %%
# What no unlabelled row shows: the plant has a rule of its own, and calls overheated
# machines running. The features are the same, and so is everything that was said so
# far. Two hundred labels tell, and split the loss into what new rows cost (a better
# model or weights mend that) and what the new rule costs (labels alone do).

from sklearn.ensemble import HistGradientBoostingClassifier

from skdataquality.shift import concept_shift_test, decompose_performance_drop

y_rule = np.where(X_hot["heat"] > 62, "runs", y_hot)
few = rng.permutation(len(X_hot))[:200]
labelled = TargetData(X_hot.iloc[few], y_rule[few])
print(f"p value: {concept_shift_test(X, y, X_target=labelled).p_value:.1g}")

boosting = HistGradientBoostingClassifier(max_iter=50, random_state=0)
drop = decompose_performance_drop(boosting, X, y, X_target=labelled)
drop.plot()
plt.show()
