"""
A rare class: from the paradox to a decision
============================================

One payment in thirty is fraud, and a model that misses most of it is right nearly
always. What does it know, at which threshold should it decide, does resampling help,
and where does it fail?
"""

# %%
# The payments are made up, so that more of them can be drawn to check what is claimed.
# Frauds are high, and made from young accounts. So are, in part, payments for jewels;
# the shop is known, but is no feature of the model.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(0)
SHOPS = ["books", "food", "jewels", "shoes", "toys"]


def payments(n):
    y = (rng.random(n) < 0.035).astype(int)  # 1 is fraud
    about = pd.DataFrame({"shop": rng.choice(SHOPS, n, p=[0.25, 0.3, 0.05, 0.2, 0.2])})
    about["hour"] = rng.integers(0, 24, n)
    dear = 30 * (about["shop"] == "jewels")
    X = pd.DataFrame({"amount": rng.normal(60 + 35 * y + dear, 18)})
    X["days"] = rng.exponential(300 - 200 * y)
    X["items"] = rng.poisson(3, n)
    return X, y, about


X, y, about = payments(6000)
X_new, y_new, about_new = payments(6000)
model = make_pipeline(StandardScaler(), LogisticRegression())

# %%
# The lens puts accuracy beside what always saying "good" would get. What the model
# knows of fraud is seen in numbers that need no threshold: its average precision beside
# chance, and what is left of the log-loss.

from skdataquality.imbalance import (
    ClassBalanceDisplay,
    ClassMetricsDisplay,
    imbalance_lens,
)
from skdataquality.model_selection import out_of_fold

oof = out_of_fold(model, X, y, random_state=0)
lens = imbalance_lens(y, oof.proba, X=X, splits=oof.splits)
print(lens.summary)
print(lens.predictions[0])
for name in ("balanced_accuracy", "rarest_lift", "log_loss_skill"):
    print(f"{name}: {lens.numbers[name].short()}")

fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3), layout="constrained")
ClassBalanceDisplay.from_labels(y, ax=left)
ClassMetricsDisplay.from_lens(lens, ax=right)
plt.show()

# %%
# A model fitted on balanced rows believes that half of all payments are fraud. The
# wrapper restores its probabilities, and keeps its decisions.

from imblearn.under_sampling import RandomUnderSampler

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import ReliabilityDisplay

sampled = RemediedClassifier(model, RandomUnderSampler(random_state=0)).fit(X, y)
print(f"restored by: {sampled.prior_correction_}")
ReliabilityDisplay.from_estimator(sampled, X_new, y_new)
plt.show()

# %%
# So can the plain fit decide like a balanced one? Every threshold is a trade, and the
# best one hangs on the metric. That of the recipe was tuned out of fold, for balanced
# accuracy; that for F1 is far higher.

from skdataquality.imbalance import ThresholdDisplay, recommended_classifier

recipe = recommended_classifier(model, "balanced_accuracy", random_state=0).fit(X, y)
for_f1 = recommended_classifier(model, "f1", random_state=0).fit(X, y)
print(f"thresholds: {recipe.best_threshold_:.3f}, for F1 {for_f1.best_threshold_:.3f}")
ThresholdDisplay.from_predictions(
    y_new, recipe.predict_proba(X_new), threshold=recipe.best_threshold_
)
plt.show()

# %%
# Does resampling do better? On the same splits, by the metric that was declared, all
# of them are better than nothing, and about as good as each other.

from skdataquality.imbalance import recommended_candidates
from skdataquality.model_selection import RemedyComparisonDisplay, compare_remedies

candidates = recommended_candidates("balanced_accuracy", random_state=0)
comparison = compare_remedies(
    model, candidates, X, y, scoring="balanced_accuracy", cv=5, random_state=0
)
RemedyComparisonDisplay.from_comparison(comparison)
plt.show()

# %%
# By a metric of probabilities nothing was gained: what they moved was the threshold.

by_probability = compare_remedies(
    model, candidates, X, y, scoring="neg_log_loss", cv=5, random_state=0
)
print(by_probability)

# %%
# Where does the model fail? The search looks at what is known of payments, whether the
# model uses it or not, at errors of the recipe and at its probabilities, on rows that
# it has not seen. It finds the shop, and says that it has few rows.

from skdataquality.imbalance import WeakSlicesDisplay, group_report, weak_slices

said = recipe.predict(X_new)
slices = weak_slices(about_new, y_new, said, recipe.predict_proba(X_new))
print(slices.summary)
print(slices.slices[0].because)
WeakSlicesDisplay.from_result(slices)
plt.show()

# %%
# A report by group says what is wrong there: good payments are refused. More rows of
# the shop would not mend that, nor another threshold, nor a weight of a class: the
# model cannot see the shop. Told how an amount compares with those of its shop, it is
# as good there as elsewhere.

report = group_report(y_new, said, about_new["shop"])
print(report.to_frame("gaps")[["metric", "group", "gap", "adjusted_p_value"]].round(3))


def relative(X, about):
    return X.assign(
        amount=X["amount"] - X["amount"].groupby(about["shop"]).transform("mean")
    )


told = recommended_classifier(model, "balanced_accuracy", random_state=0)
told.fit(relative(X, about), y)
said = told.predict(relative(X_new, about_new))
report = group_report(y_new, said, about_new["shop"])
print(report.to_frame("gaps")[["metric", "group", "gap", "adjusted_p_value"]].round(3))
