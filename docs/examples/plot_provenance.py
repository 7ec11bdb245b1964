"""
Where wrong labels come from, and since when
============================================

Labels were bought from eight vendors, by two guidelines, at four sites. Some are wrong.
Which of these columns is to blame? Errors are estimated by a model, as they would be.
"""

# %%
# The truth of this made-up table: vendor c misreads the second guideline, which came in
# the middle of the work. Nobody else is worse than another. Vendor c works mostly for
# the site in the north, which therefore looks bad, too.

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from skdataquality.label_noise import LabelErrorDetector

rng = np.random.default_rng(0)
n = 8000
source = pd.DataFrame({"vendor": rng.choice(list("abcdefgh"), n)})
north = np.where(source["vendor"] == "c", 0.7, 0.2)
elsewhere = rng.choice(["east", "south", "west"], n)
source["site"] = np.where(rng.random(n) < north, "north", elsewhere)
source["guideline"] = np.repeat(["first", "second"], n // 2)

X = rng.normal(size=(n, 4))
truth = X @ [2, 2, -2, 0] + 0.5 * rng.normal(size=n) > 0
misread = (source["vendor"] == "c") & (source["guideline"] == "second")
is_wrong = rng.random(n) < np.where(misread, 0.3, 0.03)
given = truth ^ is_wrong

# %%
# Errors are what a detector flags, out of fold: not all of them wrong, and not all that
# is wrong. Columns of sources are no features.

detector = LabelErrorDetector(LogisticRegression(), random_state=0).fit(X, given)
flags = detector.issue_mask_
both = (flags & is_wrong).sum()
print(f"{flags.sum()} labels flagged, {is_wrong.sum()} wrong, {both} both")

# %%
# One source after another: the vendor is bad, but the site and the guideline differ
# significantly as well. All at once, the vendor with the second guideline is found, and
# explains the others (hollow).

from skdataquality.provenance import ErrorAttribution, ErrorAttributionDisplay

attribution = ErrorAttribution(random_state=0).fit(source, flags, order="rows")
print(attribution.summary_)
for line in attribution.slices_:
    print(f"{line['slice']}: {line['finding']}")

fig, ax = plt.subplots(figsize=(8, 4.6), layout="constrained")
ErrorAttributionDisplay(attribution).plot(ax=ax)
plt.show()

# %%
# Since when? The rate of the vendor rises where the guideline was changed, at row 4000.
# That of all rows ("None None") rises with it, and the test says why.

ErrorAttributionDisplay(attribution).plot(kind="changes")
plt.show()
for change in attribution.change_points_[:3]:
    who = f"{change['column']} {change['source']}"
    print(f"{who}: {change['at_lower']} to {change['at_upper']}, {change['finding']}")

# %%
# What does it cost to leave it? Of the flags this many would go if the vendor read the
# guideline as well as it read the first one, or as others do.

worst = attribution.slices_[0]
print(f"{worst['excess']:.0f} of {flags.sum()} flags would go")
print(f"in truth {is_wrong[misread].sum()} of {is_wrong.sum()} wrong labels are there")

# %%
# And what became of each row? A classifier that drops flagged rows keeps a trail of it.

from skdataquality.label_noise import NoisePruningClassifier
from skdataquality.provenance import AuditTrail

pruning = NoisePruningClassifier(LogisticRegression(), random_state=0).fit(X, given)
trail = AuditTrail.from_estimator(pruning).to_frame()
dropped = (trail["fate"] == "dropped").to_numpy()
share = pd.Series(dropped).groupby([source["vendor"], source["guideline"]]).mean()
print(share.unstack().round(3))
