"""
Reviewing labels, batch by batch
================================

A quarter of the labels of 1000 digits are wrong, and nobody knows which. A queue names
rows to check, learns from the answers, and says when to stop.
"""

# %%
# Classes are mixed up in pairs, the kind of error that misleads a model most.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from skdataquality.review import LabelReviewQueue

X, truth = load_digits(return_X_y=True)
X, truth = X[:1000] / 16, truth[:1000]
rng = np.random.default_rng(0)
is_wrong = rng.random(1000) < 0.25
given = np.where(is_wrong, (truth + 1) % 10, truth)

# %%
# In each batch most rows are those that models contradict most; one in twelve is drawn
# at random from all the others. The answers, a person's work, are here the truth.

model = LogisticRegression(max_iter=500)
queue = LabelReviewQueue(model, batch_size=60, random_state=0).fit(X, given)
rounds = []
while not queue.stop_:
    batch = queue.next_batch()
    answers = truth[batch.rows]
    found = int((answers != batch.given).sum())
    queue.submit(batch.verified(answers))
    left = int((queue.labels_ != truth).sum())
    rounds.append((queue.verified_.n_verified, found, left, queue.remaining_errors_))
    print(queue.stop_)

# %%
# Wrong labels found in each batch, and those that remain: the true number, which only a
# made-up example has, and what the random rows tell of it.

checked, found, left, told = zip(*rounds, strict=True)
fig, (one, two) = plt.subplots(1, 2, figsize=(9.5, 3.6), layout="constrained")
one.bar(checked, found, width=40, color="C0")
one.set(xlabel="rows checked", ylabel="wrong labels found in the batch")
two.fill_between(
    checked,
    [interval.lower for interval in told],
    [interval.upper for interval in told],
    color="C1",
    alpha=0.2,
    label="95 % interval",
)
two.plot(checked, [interval.estimate for interval in told], "C1", label="estimate")
two.plot(checked, left, "ko", label="true")
two.set(xlabel="rows checked", ylabel="wrong labels that remain")
two.set_ylim(bottom=0)
two.legend()
plt.show()

# %%
# Random rows alone would have found a quarter wrong among so many. What the review did
# is in the lineage, and enters a comparison as a remedy that edits training rows only.

from skdataquality.model_selection import compare_remedies
from skdataquality.review import ReviewedLabels

print(queue.lineage_)
reviewed = ReviewedLabels.from_table(X, given, queue.verified_)
comparison = compare_remedies(
    model,
    {"reviewed": reviewed},
    X,
    given,
    cv=3,
    scoring="accuracy",
    random_state=0,
)
print(comparison.verdict_)
