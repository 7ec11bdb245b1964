"""
Ten functions instead of a thousand labels
==========================================

Comments below videos, and the question which are spam. Nobody has labelled them, but
somebody knows what spam looks like. How far does that go, and from how many labels on
is it no longer worth the trouble?
"""

# %%
# The comments are made up: 2,000 without a label, 400 that a person has labelled, and
# 1,000 to test on. A comment mixes words of its kind, of the other kind, and of none.
# The generator and the lists of keywords were chosen so that the last curve shows both
# regimes, functions that pay and functions that do not: what comes out elsewhere
# depends on the problem.

import matplotlib.pyplot as plt
import numpy as np

WORDS = {
    "spam": """subscribe channel follow free gift prize money cash dollars click link
        visit winner bonus offer deal promo code iphone giveaway earn profile website
        shop store sale cheap buy order account register vote share job salary income
        rich casino bet forex crypto ringtone download install survey""",
    "ham": """song music album love beautiful amazing guitar drums bass voice melody
        lyrics listen concert funny dance chorus memories childhood tune band singer
        remix beat cover live tour stage piano violin solo rhythm rap rock jazz
        masterpiece legend nostalgia school radio summer crying laughing classic""",
    "any": "this is the my so and you it at a for in me now here please just guys",
}
WORDS = {kind: text.split() for kind, text in WORDS.items()}
rng = np.random.default_rng(0)


def write_comment(kind):
    other = "ham" if kind == "spam" else "spam"
    words = [
        *rng.choice(WORDS["any"], rng.integers(3, 9)),
        *rng.choice(WORDS[kind], rng.integers(1, 5)),
        *rng.choice(WORDS[other], int(rng.random() < 0.3)),
    ]
    text = " ".join(rng.permutation(words))
    if rng.random() < (0.3 if kind == "spam" else 0.05):
        text += " http://a.bc/" + str(rng.integers(10**6))
    return text.upper() if rng.random() < (0.2 if kind == "spam" else 0.1) else text


kinds = rng.choice(["ham", "spam"], 3400, p=[0.6, 0.4])
comments = np.array([write_comment(kind) for kind in kinds], dtype=object)
X_pool, X_gold, X_test = np.split(comments, [2000, 2400])
y_gold, y_test = kinds[2000:2400], kinds[2400:]
print(*X_pool[:4], sep="\n")

# %%
# Ten functions. Each votes where it is sure and abstains elsewhere: keywords and
# patterns need no code, anything else is a function of one comment.

from skdataquality.weak_supervision import (
    LabelingFunctionTransformer,
    labeling_function,
    lf_keywords,
    lf_regex,
)


@labeling_function
def shouts(comment):
    return "spam" if comment.isupper() else None


@labeling_function
def short(comment):
    return "ham" if len(comment.split()) < 6 else None


functions = [
    lf_keywords(["subscribe", "channel", "follow", "page"], "spam", name="channel"),
    lf_keywords(["free", "gift", "prize", "winner", "bonus"], "spam", name="free"),
    lf_keywords(["money", "cash", "dollars", "earn", "job"], "spam", name="money"),
    lf_keywords(["buy", "sale", "shop", "cheap", "deal"], "spam", name="shop"),
    lf_regex("https?://", "spam", name="link"),
    lf_keywords(["song", "music", "album", "tune", "remix"], "ham", name="song"),
    lf_keywords(["love", "amazing", "beautiful", "legend"], "ham", name="praise"),
    lf_keywords(["guitar", "drums", "bass", "piano", "band"], "ham", name="band"),
    shouts,
    short,
]
votes = LabelingFunctionTransformer(functions).fit_transform(X_pool)
print(f"a vote on {(votes >= 0).any(axis=1).mean():.0%} of the comments")

# %%
# The label model weighs the functions without any label: where they contradict each
# other it sees who is doubtful. The truth of these comments, which only a made-up
# example has, says how well: it knows the two worst, and trusts the others too little.

from skdataquality.weak_supervision import LabelModel

model = LabelModel().fit(votes)
is_right = votes == np.searchsorted(["ham", "spam"], kinds[:2000])[:, None]
truth = is_right.sum(axis=0) / (votes >= 0).sum(axis=0)

fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
order = np.argsort(truth)
ax.barh(np.arange(10), truth[order], color="0.85", label="how often it is right")
ax.plot(model.accuracies_[order], np.arange(10), "o", label="what the model says")
names = [function.name for function in functions]
ax.set_yticks(np.arange(10), np.array(names)[order])
ax.axvline(0.5, color="0.6", linestyle=":")
ax.set_xlim(0.4, 1)
ax.legend(loc="lower right")
plt.show()

# %%
# The end model learns from these labels, and so from the words that no function knows:
# it also judges the comments on which all functions abstain.

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from skdataquality.weak_supervision import UnlabeledData, WeaklySupervisedClassifier

pipe = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=10))
weak = WeaklySupervisedClassifier(functions, estimator=pipe).fit(X_pool)
print(weak.lineage_)
print(f"accuracy on test comments: {weak.score(X_test, y_test):.3f}")

# %%
# Is that better than labelling a few comments and learning from them alone? The same
# end model on 10 to 400 gold labels, drawn ten times; and the functions with these gold
# labels on top.

sizes = [10, 20, 50, 100, 200, 400]
pool = UnlabeledData(X_pool)
both = WeaklySupervisedClassifier(
    functions, estimator=pipe, use_gold=True, X_unlabeled=pool
)


def test_scores(estimator, n_gold, n_draws):
    for _ in range(n_draws):
        rows = rng.permutation(len(X_gold))[:n_gold]
        if len(set(y_gold[rows])) > 1:
            fitted = estimator.fit(X_gold[rows], y_gold[rows])
            yield fitted.score(X_test, y_test)


gold_only = [list(test_scores(pipe, n, 10)) for n in sizes]
with_gold = [list(test_scores(both, n, 2)) for n in sizes]

fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
ax.axhline(weak.score(X_test, y_test), color="C1", label="functions")
ax.plot(sizes, [np.mean(s) for s in with_gold], "s-", color="C2", label="both")
ax.plot(sizes, [np.mean(s) for s in gold_only], "o-", color="C0", label="gold only")
low, high = np.transpose([np.quantile(s, [0.1, 0.9]) for s in gold_only])
ax.fill_between(sizes, low, high, color="C0", alpha=0.2)
ax.set(xscale="log", xlabel="gold labels", ylabel="accuracy on test comments")
ax.set_xticks(sizes, sizes)
ax.legend()
plt.show()

# %%
# Here the functions are worth some 70 labels, and from 200 on they only get in the way.
# Which it is depends on the functions and on how hard the problem is for the end model.
#
# Without a thousand test labels the few gold labels must do: they are split into
# training and test rows, and the pool takes part in every fit, without any of them.
# "Nothing" is the end model on gold labels only.

from skdataquality.model_selection import compare_remedies

few = slice(0, 100)
weak = WeaklySupervisedClassifier(functions, X_unlabeled=pool)
comparison = compare_remedies(
    pipe, {"functions": weak, "both": both}, X_gold[few], y_gold[few], random_state=0
)
print(comparison)

# %%
# A search tries label models and sets of functions in the same way; no functions is
# gold only.

from sklearn.model_selection import GridSearchCV

from skdataquality.weak_supervision import MajorityVote

grid = {
    "functions": [None, functions, functions[:8]],
    "label_model": [LabelModel(), MajorityVote()],
    "use_gold": [False, True],
}
search = GridSearchCV(both, grid, cv=3).fit(X_gold[few], y_gold[few])
best = search.best_params_
print(f"gold only: {best['functions'] is None}")
print(f"label model: {best['label_model']}, gold labels used: {best['use_gold']}")
print(f"accuracy on test comments: {search.score(X_test, y_test):.3f}")
