"""What the peers say of the same votes, and why they say nothing where they do not.

crowd-kit, cleanlab and Snorkel are imported where they are called. Snorkel gets the
votes as its documentation has them, codes with -1 for none, and a seed, as it reseeds
the global generators whatever the caller has set.
"""

import re

import numpy as np
import pandas as pd

N_ITER = 100  # of crowd-kit's EM, its default
FEWEST = 3  # functions that Snorkel's LabelModel takes


def ask(call, *arguments):
    """Return an answer and "", or None and why there is none."""
    try:
        return call(*arguments), ""
    except ImportError as error:
        name = (error.name or str(error)).split(".")[0]
        return None, f"{name} is not installed"
    except Exception as error:
        text = re.split(r"[.\n]", str(error))[0][:60]
        return None, f"{type(error).__name__}: {text}"


def crowd_kit(name, frame, tasks):
    """Return probabilities in the order of the tasks and of the sorted labels."""
    from crowdkit import aggregation

    model = getattr(aggregation, name)
    model = model(n_iter=N_ITER) if "DawidSkene" in name else model()
    proba = model.fit_predict_proba(frame)
    labels = sorted(frame["label"].unique())
    return proba.reindex(index=tasks, columns=labels, fill_value=0).to_numpy()


def cleanlab_majority(votes):
    """Return the labels, ties broken by cleanlab's rules."""
    from cleanlab.multiannotator import get_majority_vote_label

    return np.asarray(get_majority_vote_label(_with_nan(votes), verbose=False))


def cleanlab_crowdlab(votes, proba):
    """Return CROWDLAB's labels for the probabilities of a classifier."""
    from cleanlab.multiannotator import get_label_quality_multiannotator

    found = get_label_quality_multiannotator(_with_nan(votes), proba, verbose=False)
    return found["label_quality"]["consensus_label"].to_numpy()


def _with_nan(votes):
    return pd.DataFrame(np.where(votes < 0, np.nan, votes))


def snorkel_majority(votes, n_classes):
    from snorkel.labeling.model import MajorityLabelVoter

    return MajorityLabelVoter(cardinality=n_classes).predict_proba(votes)


def snorkel_fit(votes, n_classes):
    """Return a fitted LabelModel of the default settings."""
    from snorkel.labeling.model import LabelModel

    if votes.shape[1] < FEWEST:
        raise ValueError(f"fewer than {FEWEST} functions")
    model = LabelModel(cardinality=n_classes, verbose=False)
    model.fit(votes, seed=0, progress_bar=False)
    return model


def snorkel_label_model(votes, n_classes):
    return snorkel_fit(votes, n_classes).predict_proba(votes)
