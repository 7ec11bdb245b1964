"""A label model that a user passes to something else: :func:`unfitted`."""

import numpy as np
from sklearn.base import clone

from skdataquality.utils._printable import printable
from skdataquality.weak_supervision._label_models._base import BaseLabelModel

_SHOWN = 60  # characters


def unfitted(label_model, votes):
    """Return a clone of a label model for Votes, whose classes must be its own."""
    if not isinstance(label_model, BaseLabelModel):
        raise ValueError(
            f"label_model={printable(repr(label_model))[:_SHOWN]} is no label model: "
            f"pass one of weak_supervision, such as DawidSkene() or MajorityVote()."
        )
    if label_model.classes is not None:
        own = np.unique(label_model.classes).tolist()
        if own != votes.classes.tolist():
            raise ValueError(
                f"label_model has classes={own[:10]}, and the votes and labels have "
                f"{votes.classes.tolist()[:10]}: leave classes out of the label model, "
                f"and name all of them beside the votes."
            )
    return clone(label_model)
