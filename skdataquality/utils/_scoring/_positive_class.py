"""Which class the metrics of one class, such as F1, are about."""

from difflib import get_close_matches
from reprlib import repr as shortened

import numpy as np
from sklearn.metrics import brier_score_loss, d2_brier_score, get_scorer
from sklearn.metrics import get_scorer_names as known_metrics

from skdataquality.utils._sklearn import metric_of, parameters_of, with_keywords
from skdataquality.utils._validation import encode_labels


class PositiveClassError(ValueError):
    """It is not known which class a metric is about."""


_SYMMETRIC = {brier_score_loss, d2_brier_score}  # the same for either of two classes


def name_positive_class(scoring, y, pos_label):
    """Tell every metric of one class which class that is.

    Parameters
    ----------
    scoring : str, callable, list, dict or None
    y : array-like of shape (n_samples,), or None
        None for a quantity, which has no classes.
    pos_label : object, or None
        One of two classes, or its text. None is scikit-learn's 1 where that is a class.

    Returns
    -------
    scoring : str, callable, list, dict or None
        As given, if no metric has to be told; else a scorer, or a dict of them.
    notes : list of str

    Raises
    ------
    PositiveClassError
        If ``pos_label`` is no class or there are not two; without it, if a metric needs
        a class and 1 is none.
    """
    if y is None and pos_label is not None:
        raise PositiveClassError(
            f"pos_label={shortened(pos_label)}, but y is a quantity, which has no "
            f"classes: leave pos_label out."
        )
    given = _by_name(scoring)
    scorers = {n: get_scorer(m) if _is_known(m) else m for n, m in given.items()}
    asking = [name for name, scorer in scorers.items() if _is_of_one_class(scorer)]
    if y is None or (pos_label is None and (not asking or np.ndim(y) != 1)):
        return scoring, []
    classes = encode_labels(y)[0]
    positive = None if pos_label is None else find_class(pos_label, classes)
    told, about = {}, []
    for name in asking:
        chosen = positive
        if metric_of(scorers[name])[0] in _SYMMETRIC:
            chosen = classes[-1] if classes.size == 2 else None
        else:
            if positive is None:
                _check_default(name, scorers[name], classes)
            about.append(name)
        if chosen is not None:
            told[name] = with_keywords(scorers[name], pos_label=_plain(chosen))
    notes = _notes(about, classes, positive)
    if not told:
        return scoring, notes
    return (told["score"] if callable(scoring) else {**given, **told}), notes


def find_class(pos_label, classes):
    """Return the class that ``pos_label`` is, or whose text it is."""
    known = classes.tolist()
    if classes.size != 2:
        raise PositiveClassError(
            f"pos_label={shortened(pos_label)} is for two classes, and y has "
            f"{classes.size}: use metrics of all classes, such as f1_macro, without it."
        )
    for match in (_is_same, _is_written_alike):
        found = [
            i for i, known_label in enumerate(known) if match(known_label, pos_label)
        ]
        if len(found) == 1:
            return classes[found[0]]
    texts = list(map(str, known))
    close = get_close_matches(str(pos_label), texts, n=1, cutoff=0.4)
    nearest = f"; the nearest is {known[texts.index(close[0])]!r}" if close else ""
    raise PositiveClassError(
        f"pos_label={shortened(pos_label)} is none of the classes {known}{nearest}."
    )


def _by_name(scoring):
    if scoring is None:
        return {}
    if isinstance(scoring, str):
        return {scoring: scoring}
    if callable(scoring):
        return {"score": scoring}
    if isinstance(scoring, dict):
        return scoring
    names = list(scoring)
    # what else a list may hold is for scikit-learn to refuse
    return {n: n for n in names} if all(isinstance(n, str) for n in names) else {}


def _is_known(metric):
    return isinstance(metric, str) and metric in known_metrics()


def _is_of_one_class(scorer):
    """Whether the metric asks for a class and was not told one."""
    metric = metric_of(scorer)
    if metric is None:
        return False
    func, _, kwargs = metric
    return (
        "pos_label" in parameters_of(func)
        and "pos_label" not in kwargs
        and kwargs.get("average", "binary") == "binary"
    )


def _check_default(name, scorer, classes):
    """Refuse a metric of one class where nothing says which."""
    func, _, kwargs = metric_of(scorer)
    known = classes.tolist()
    if classes.size == 2 and 1 not in known:
        raise PositiveClassError(
            f"scoring={name!r} is about one class, and y has {known[0]!r} and "
            f"{known[1]!r}: say which, for example with pos_label={known[1]!r}."
        )
    average = parameters_of(func).get("average")
    default = getattr(average, "default", None)
    if classes.size > 2 and kwargs.get("average", default) == "binary":
        raise PositiveClassError(
            f"scoring={name!r} is about one of two classes, and y has {classes.size}: "
            f"use the metric of all classes, such as f1_macro."
        )


def _is_same(label, given):
    return type(label) is type(given) and label == given


def _is_written_alike(label, given):
    if str(label) == str(given):
        return True
    try:
        return float(label) == float(given)
    except (TypeError, ValueError):
        return False


def _plain(label):
    return label.item() if isinstance(label, np.generic) else label


def _notes(about, classes, positive):
    if about and classes.size == 2:
        said = 1 if positive is None else _plain(positive)
        return [f"positive class of {', '.join(about)}: {said}"]
    if positive is not None:
        return ["pos_label was given, but no metric is about one class"]
    return []
