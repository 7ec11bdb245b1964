"""Which labels are none: the rule of ``missing_label``."""

import numpy as np

from skdataquality.utils._frames import is_missing
from skdataquality.weak_supervision._votes._cells import factor


def abstaining(distinct, missing_label, classes=None, name="votes"):
    """Mask of the distinct labels that mean an abstention.

    Missing cells abstain whatever the rule. "auto" lets blank texts abstain, and -1
    among numbers, unless ``classes`` list them; if -1 and 1 are all there is, nobody
    can tell.
    """
    none = np.zeros(distinct.size, dtype=bool)
    if np.ndim(missing_label) > 0 or isinstance(missing_label, set | dict):
        raise ValueError(
            f"missing_label={missing_label!r:.60} is no label: pass one, None or "
            f'"auto".'
        )
    if isinstance(missing_label, str) and missing_label == "auto":
        if distinct.dtype.kind in "OUT":
            listed = () if classes is None else np.ravel(classes).tolist()
            blank = [is_blank(label) and label not in listed for label in distinct]
            return np.array(blank, dtype=bool)
        if distinct.dtype.kind not in "if" or not (distinct == -1).any():
            return none
        if classes is not None:
            return none if -1 in np.asarray(classes).tolist() else distinct == -1
        if distinct.tolist() == [-1, 1]:
            raise ValueError(
                f"{name} holds the numbers -1 and 1 only, so -1 may be a class or no "
                f"vote: pass missing_label=-1 if it abstains, or missing_label=None "
                f"if it is a class and missing cells abstain."
            )
        return distinct == -1
    if is_missing(missing_label):
        return none
    return np.array([label == missing_label for label in distinct.tolist()], dtype=bool)


def is_blank(label):
    """Whether a label is text of blanks alone."""
    return isinstance(label, str) and not label.strip()


def number_of(distinct, abstains, classes, name="votes"):
    """Return the classes, sorted, and the number of every distinct label among them.

    Labels that abstain have -1. Without ``classes`` they are the labels that do not.
    Sorted classes of text name the numbers of votes, from 0.
    """
    if classes is None:
        number = np.where(abstains, -1, np.cumsum(~abstains) - 1)
        return distinct[~abstains], number.astype(np.int32)
    if name == "votes" and distinct.dtype.kind in "if" and is_text(np.asarray(classes)):
        classes = numbered_classes(classes)
        place = {i: i for i in range(classes.size)}
    else:
        classes = sorted_classes(classes)
        place = {label: i for i, label in enumerate(classes.tolist())}
    known = [place.get(label, -1) for label in distinct.tolist()]
    number = np.where(abstains, -1, np.array(known, dtype=np.int32))
    unknown = distinct[(number < 0) & ~abstains]
    if unknown.size:
        raise ValueError(
            f"{name} holds label(s) {unknown[:5].tolist()} that are not in "
            f"classes={classes.tolist()[:10]}: add them to classes or mend the labels."
        )
    return classes, number.astype(np.int32)


def numbered_classes(classes):
    """Sorted classes whose places the votes hold; refused in another order.

    `LabelingFunctionTransformer` numbers classes as sorted, in whatever order they were
    passed to it; other tables may be numbered in the order given.
    """
    known = sorted_classes(classes)
    given, ordered = np.asarray(classes).tolist(), known.tolist()
    if given != ordered:
        raise ValueError(
            f"classes={given[:5]} shall name the numbers in votes, but is not "
            f"sorted, so 0 may be {given[0]!r} or {ordered[0]!r}: pass classes_ of the "
            f"LabelingFunctionTransformer, or else labels in the place of numbers."
        )
    return known


def is_text(labels):
    """Whether all labels of an array are text."""
    return all(isinstance(label, str) for label in labels.tolist())


def sorted_classes(classes):
    """Classes as a sorted array; repeated ones are refused."""
    values = np.asarray(classes)
    if values.dtype.kind in "UT" and not isinstance(classes, np.ndarray):
        values = np.asarray(classes, dtype=object)  # numpy turns ["a", 1] to text
    distinct, codes = factor(values.ravel(), "classes")
    if values.ndim != 1 or not 0 < values.size == distinct.size or (codes < 0).any():
        raise ValueError(
            f"classes={values.tolist()!r:.80} must list each class once, and no "
            f"missing one: mend the list."
        )
    return distinct
