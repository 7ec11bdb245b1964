"""
Which digits are mislabelled?
=============================

1797 handwritten digits, as scikit-learn bundles them: which labels would a person want
to see again, and how many are wrong?
"""

# %%
# Two rounds of cross-validation, three families of models. The rows with the lowest
# scores first: a person decides.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from skdataquality.label_noise import LabelErrorDetector

X, y = load_digits(return_X_y=True)
detector = LabelErrorDetector(random_state=0).fit(X, y)
worst = np.argsort(detector.sample_scores_)[:12]

fig, axes = plt.subplots(2, 6, figsize=(8, 3.4), layout="constrained")
for ax, row in zip(axes.flat, worst, strict=True):
    ax.imshow(X[row].reshape(8, 8), cmap="gray_r")
    ax.set_title(f"{y[row]}, or {detector.suggested_labels_[row]}?", fontsize=10)
    ax.axis("off")
plt.show()

# %%
# These labels are clean, and the detector says so: hard to read is not wrong.

print(f"flagged: {detector.issue_mask_.sum()} of {y.size} rows")

# %%
# Now every eighth label is replaced, and the same questions are asked again.

from skdataquality.datasets import make_label_errors
from skdataquality.label_noise import ConfidentJointDisplay, LabelQualityDisplay

noisy, is_wrong = make_label_errors(y, 0.125, random_state=0)
detector = LabelErrorDetector(random_state=0).fit(X, noisy)
flagged = detector.issue_mask_
print(f"of the wrong labels {flagged[is_wrong].mean():.0%} are flagged,")
print(f"of the flagged labels {is_wrong[flagged].mean():.0%} are wrong")
print(f"noise looks {detector.plateau_.grade}")

# %%
# The confident joint: given labels against what the models are confident of.

ConfidentJointDisplay.from_estimator(detector)
plt.show()

# %%
# The quality of the labels, class by class.

LabelQualityDisplay.from_estimator(detector, noisy)
plt.show()

# %%
# How many are wrong? What the model implies, and what 150 rows verified by hand say,
# drawn so that they say it as precisely as possible. Here the truth does the verifying.

from skdataquality.label_noise import ErrorRateDisplay, LabelAudit, label_error_rate

implied = label_error_rate(noisy, detector.pred_proba_, random_state=0)
audit = LabelAudit(150, random_state=0)
plan = audit.plan(noisy, detector.pred_proba_)
verified = audit.estimate(plan.rows, is_wrong[plan.rows])
for name, rate in [("model-based", implied.overall), ("audit", verified.overall)]:
    print(f"{name}: {rate.estimate:.3f} [{rate.lower:.3f}, {rate.upper:.3f}]")
print(f"truth: {is_wrong.mean():.3f}")
ErrorRateDisplay.from_predictions(noisy, detector.pred_proba_, random_state=0)
plt.show()
