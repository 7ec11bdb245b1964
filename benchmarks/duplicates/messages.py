"""Real messages, some of which are sent again: what repeats do to a score."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline

from benchmarks._problem import Part, grid
from benchmarks._tables import as_they_are
from benchmarks.duplicates._text_collections import messages, spam_labels
from skdataquality.duplicates import DuplicateDetector, DuplicateGroupKFold

SCORES = ("accuracy", "f1")
FOLDS = 5


def measure_messages(folds, seeds):
    texts = messages("sms_spam")
    if texts is None:
        return []
    spam = spam_labels()
    found = DuplicateDetector().fit(texts)
    rows = np.arange(len(texts))
    equal = found.equal_groups_ != rows
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    scores = []
    for seed in range(seeds):
        cv = {
            "plain": StratifiedKFold(FOLDS, shuffle=True, random_state=seed),
            "equal together": DuplicateGroupKFold(FOLDS, random_state=seed),
            "near together": DuplicateGroupKFold(FOLDS, near=True, random_state=seed),
        }[folds]
        scored = cross_validate(model, texts, spam, cv=cv, scoring=SCORES)
        scores.append({name: scored[f"test_{name}"].mean() for name in SCORES})
    table = pd.DataFrame(scores)
    return [
        {
            "rows": len(texts),
            "equal": np.count_nonzero(equal),
            "near": np.count_nonzero(found.issue_mask_ & ~equal),
            "text_threshold": found.text_threshold_,
            **table.mean().to_dict(),
            **table.std(ddof=1).add_suffix("_sd").to_dict(),
        }
    ]


MESSAGES = Part(
    measure_messages,
    "rows equal near text_threshold accuracy f1 accuracy_sd f1_sd",
    full=grid(folds=["plain", "equal together", "near together"], seeds=[10]),
    quick=grid(folds=["plain"], seeds=[2]),
    tables={
        "Rows that repeat an earlier one, equal or nearly, and scores in five folds; "
        "sd: of shuffles.": as_they_are
    },
)
