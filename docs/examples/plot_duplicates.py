"""
Copies in the table: a score that is too good
=============================================

Some rows of a table stand in it twice, others were measured again and differ a little.
A model that is tested on twins of its training rows is asked what it has seen. How much
is the score off, which rows are to blame, and what is left without them?
"""

# %%
# A made-up table, so that fresh rows can be drawn to check what is claimed. Of 600 rows
# 150 were appended again as they are, and 150 with a change of a thousandth.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

rng = np.random.default_rng(0)


def draw(n):
    X = rng.normal(size=(n, 6))
    y = (X[:, 0] + X[:, 1] + 2 * rng.normal(size=n) > 0).astype(int)
    return X, y


once, labels = draw(600)
again = rng.permutation(600)[:300]
equal, near = once[again[:150]], once[again[150:]]
near = near + 0.001 * rng.normal(size=near.shape)
order = rng.permutation(900)
X = np.vstack([once, equal, near])[order]
y = np.r_[labels, labels[again]][order]
X_fresh, y_fresh = draw(20_000)
model = RandomForestClassifier(100, random_state=0)

# %%
# The lens counts both kinds. The detector lists the pairs: copies are nearer to each
# other than any two rows that chance put there. Distances are in standard deviations.

from sklearn.neighbors import NearestNeighbors

from skdataquality.duplicates import DuplicateDetector, duplicate_lens

print(duplicate_lens(X, y).summary)
detector = DuplicateDetector().fit(X)
print(detector.pairs_)

two_nearest = NearestNeighbors(n_neighbors=2).fit(X / X.std(axis=0))
distance = two_nearest.kneighbors()[0][:, 0]
has_twin = np.bincount(detector.groups_, minlength=900)[detector.groups_] > 1
is_equal = distance == 0
bins = np.geomspace(2e-4, 4, 60)
fig, ax = plt.subplots(figsize=(8, 3), layout="constrained")
ax.hist(distance[~has_twin], bins, color="0.6", label="without a twin")
ax.hist(distance[has_twin & ~is_equal], bins, color="C1", label="with a near twin")
ax.set(xscale="log", ylabel="rows", xlabel="distance to the nearest other row")
ax.set_title(f"{is_equal.sum()} rows have an equal one, at distance 0")
ax.legend()
plt.show()

# %%
# Scores of the same model: in plain folds, in folds that keep equal rows together, in
# folds that keep all twins together, and on 20,000 fresh rows. ``near=True`` is short
# for a detector with its defaults.

from skdataquality.duplicates import Deduplicator, DuplicateGroupKFold

folds = {
    "plain folds": None,
    "equal rows together": DuplicateGroupKFold(5, random_state=0),
    "all twins together": DuplicateGroupKFold(5, near=True, random_state=0),
}
scores = {
    name: cross_val_score(model, X, y, cv=5 if cv is None else cv)
    for name, cv in folds.items()
}
kept, y_kept = Deduplicator(detector).fit_resample(X, y)
scores["deduplicated"] = cross_val_score(model, kept, y_kept, cv=5)
fresh = model.fit(X, y).score(X_fresh, y_fresh)
print(f"rows kept: {len(kept)}")

fig, ax = plt.subplots(figsize=(8, 2.8), layout="constrained")
for place, values in enumerate(scores.values()):
    colour = "C1" if place < 2 else "C0"
    ax.plot(values, np.full(5, place), "o", color=colour, alpha=0.3)
    ax.plot(values.mean(), place, "D", color=colour, markersize=9)
    ax.annotate(f"{values.mean():.3f}", (values.mean(), place - 0.25), ha="center")
ax.axvline(fresh, color="0.3", linestyle="--", label=f"fresh rows: {fresh:.3f}")
ax.set_yticks(range(len(scores)), list(scores))
ax.set(xlabel="accuracy: folds, and their mean", ylim=(len(scores) - 0.5, -0.7))
ax.legend(loc="lower right")
plt.show()

# %%
# A test set that somebody else has split off cannot be split again. The report says
# which of its rows are leaked, and the score of the clean ones.

from skdataquality.duplicates import leakage_report

report = leakage_report(X[:600], X[600:], y[:600], y[600:], estimator=model)
fig, ax = plt.subplots(figsize=(8, 2.2), layout="constrained")
for place, score in enumerate(report.scores.values()):
    ax.plot([score.lower, score.upper], [place, place], color="C0", linewidth=3)
    ax.plot(score.estimate, place, "o", color="C0", markersize=9)
ax.axvline(fresh, color="0.3", linestyle="--", label="fresh rows")
n_rows = {"all": 300, "clean": report.clean_rows.size}
n_rows["leaked"] = 300 - n_rows["clean"]
ax.set_yticks(range(3), [f"{name} ({n_rows[name]} rows)" for name in report.scores])
ax.set(xlabel="accuracy, with 95 % interval", ylim=(2.5, -0.5))
ax.legend()
plt.show()
print(f"the test score is inflated by {report.inflation.short()}")

# %%
# What was dropped stands in the lineage: each row, and the one that it repeats.

sampler = Deduplicator(detector)
sampler.fit_resample(X, y)
print(sampler.lineage_)
print(sampler.lineage_.to_frame().query("fate == 'dropped'").head(3))
