"""
Which digits should be labelled first?
======================================

1797 images of digits. Labels of a few must do: which ones does a strategy ask for, what
is that worth beside labelling at random, and how many images stand for all of them?
"""

# %%
# Nothing is labelled, so no model can choose. The strategy starts with typical images
# of every part of the pool: twelve labels, and nearly every digit is among them.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from skdataquality.active_learning import DiverseMarginQuery

X, truth = load_digits(return_X_y=True)
model = make_pipeline(MinMaxScaler(), LogisticRegression(max_iter=500))


def show(rows, title):
    fig, axes = plt.subplots(1, 12, figsize=(8, 1.1), layout="constrained")
    fig.suptitle(title, fontsize=10, x=0.01, ha="left")
    for ax, row in zip(axes, rows, strict=True):
        ax.imshow(X[row].reshape(8, 8), cmap="gray_r")
        ax.axis("off")
    plt.show()


y = np.full(len(X), -1)  # -1 marks a row without a label
strategy = DiverseMarginQuery(model, random_state=0)
first = strategy.fit(X, y).query(12)
show(first, "asked for with nothing labelled")

# %%
# Once they are labelled the model chooses: images between two digits, each in another
# way.

y[first] = truth[first]
show(strategy.fit(X, y).query(12), "asked for next")

# %%
# Is it worth it? On a table that has all its labels they are hidden, and revealed batch
# by batch as the strategy asks for them; each model is scored on a fold that is held
# out. Random rows start from the same ones. Circles mark where stopping rules would
# have ended it, on average, with what that costs in accuracy.

from skdataquality.active_learning import (
    ActiveLearningCurveDisplay,
    ExpectedGain,
    active_learning_curve,
)

curve = active_learning_curve(
    model,
    X,
    truth,
    strategy=DiverseMarginQuery(),
    cv=3,
    batch_size=40,
    n_rounds=6,
    stopping=ExpectedGain(0.005),
    random_state=0,
)
ActiveLearningCurveDisplay.from_curve(curve)
plt.show()

# %%
# What random rows reach in the end, the strategy reaches with fewer labels.

for name, rows in curve.rows_to_reach().items():
    print(f"{name}: {rows:.0f} labels")

# %%
# Another question, for which no label is needed at all: which part of the images stands
# for all of them? Diversity alone picks the image farthest from all picks so far, and
# the strangest ones first. With ``typicality`` picks lie where images are many.

from skdataquality.active_learning import DiversitySelector

selectors = {
    "diverse": DiversitySelector(300, embedding="passthrough"),
    "diverse and typical": DiversitySelector(
        300, embedding="passthrough", typicality=1
    ),
}
for name, selector in selectors.items():
    selector.fit_resample(X)
    show(selector.selection_order_[:12], name)

# %%
# How many are enough? Of the pool so large a share lies near one of the first picks,
# and the same of rows at random. Diversity alone makes the largest distance small, and
# is behind random rows by this measure; with typicality it is ahead of them.

from skdataquality.active_learning import CoverageCurveDisplay

fig, axes = plt.subplots(1, 2, figsize=(9.5, 3.6), sharey=True, layout="constrained")
for ax, (name, selector) in zip(axes, selectors.items(), strict=True):
    drawn = CoverageCurveDisplay.from_estimator(selector, X, random_state=0, ax=ax)
    ax.set_title(name)
    print(f"{name}: 80 % by {drawn.curve.rows_for(0.8)} picks,", end=" ")
    print(f"of random rows {drawn.curve.random_rows_for(0.8)}")
plt.show()
