"""A rule that votes on rows: :class:`LabelingFunction` and its decorator."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from reprlib import repr as shortened
from typing import Any

from skdataquality.weak_supervision._functions._answers import check_label
from skdataquality.weak_supervision._functions._rule import Rule


@dataclass(frozen=True, eq=False, repr=False)
class LabelingFunction:
    """A rule that gives rows a label or abstains; made by :func:`labeling_function`.

    It never changes: ``clone`` and ``deepcopy`` hand it on as itself, with whatever it
    holds, such as a fitted classifier.

    Parameters
    ----------
    function : callable
        Of one row, or of the whole X if ``vectorized``.
    name : str, default=None
        None takes that of the function.
    vectorized : bool, default=False
        Whether the function takes the whole X and answers for every row.
    label : str, int or bool, default=None
        If given, the function answers yes or no, and yes is a vote for this label.
    resources : dict, default=None
        Passed to the function as keywords: word lists, models.

    See Also
    --------
    LabelingFunctionTransformer : From many of them to a table of votes.

    Examples
    --------
    >>> from skdataquality.weak_supervision import LabelingFunction
    >>> shouts = LabelingFunction(str.isupper, name="shouts", label="spam")
    >>> shouts
    LabelingFunction('shouts', label='spam')
    >>> shouts("WIN NOW")
    True
    """

    function: Callable
    name: Any = None
    vectorized: bool = False
    label: Any = None
    resources: Any = None

    def __post_init__(self):
        if not callable(self.function):
            raise ValueError(
                f"function={shortened(self.function)} is a "
                f"{type(self.function).__name__}: pass a function of one row, or of "
                f"the whole X with vectorized=True."
            )
        name = name_of(self.function) if self.name is None else self.name
        if not isinstance(name, str) or not name:
            raise ValueError(
                f"name={shortened(self.name)} of a labelling function must be text "
                f"that is not empty."
            )
        if self.resources is not None and not isinstance(self.resources, Mapping):
            raise ValueError(
                f"resources of {name!r} is a {type(self.resources).__name__}: pass a "
                f"dict, whose values reach the function as keywords."
            )
        if self.label is not None:
            object.__setattr__(self, "label", check_label(self.label))
        object.__setattr__(self, "name", name)

    @property
    def call(self):
        """The function with its resources, of one argument."""
        if not self.resources:
            return self.function
        return partial(self.function, **self.resources)

    def __call__(self, row):
        """Return what the function says of a row, or of X if it is vectorised."""
        return self.call(row)

    def __repr__(self):
        if isinstance(self.function, Rule):
            return repr(self.function)
        said = [repr(self.name)]
        said += ["vectorized=True"] * self.vectorized
        said += [f"label={shortened(self.label)}"] * (self.label is not None)
        if self.resources:
            said.append(f"resources={sorted(self.resources)}")
        return f"LabelingFunction({', '.join(said)})"

    def __sklearn_clone__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __getstate__(self):
        _let_pickle_find(self.function, self)
        return self.__dict__


def _let_pickle_find(function, owner):
    """Let the path of a decorated function lead through what took over its name."""
    path = getattr(function, "__qualname__", "")
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    if reduce(lambda at, part: getattr(at, part, None), path.split("."), module) is (
        owner
    ):
        function.__qualname__ = f"{path}.function"


def name_of(function):
    """Return the name of any callable, "lambda" of one without."""
    if isinstance(function, partial):
        return name_of(function.func)
    return getattr(function, "__name__", type(function).__name__).strip("<>")


def labeling_function(
    function=None, *, name=None, vectorized=False, label=None, resources=None
):
    """Make a function of one row, or of whole columns, a labelling function.

    The function returns a label, or None where it abstains.

    Parameters
    ----------
    function : callable, default=None
        Given if used bare, as ``@labeling_function``.
    name : str, default=None
        Name of its column of votes; None takes that of the function.
    vectorized : bool, default=False
        False: the function takes one row. That is the text, if X holds texts; of a data
        frame an object with the cells as ``row.price`` and as ``row["price"]``; a 1-D
        array, if X is one; one row of a sparse matrix. True: the function takes X as it
        was passed and returns an array, a Series or a list with an answer for each row.
    label : str, int or bool, default=None
        If given, the function answers True or False (a mask, if vectorised): True is a
        vote for this label, False abstains.
    resources : dict, default=None
        Passed to the function as keywords.

    Returns
    -------
    labeling_function : LabelingFunction
        Can still be called like the function.

    Raises
    ------
    ValueError
        If what is decorated is no function, or the name is no text.

    See Also
    --------
    LabelingFunctionTransformer : From many of them to a table of votes.
    lf_keywords, lf_regex, lf_threshold, lf_lookup, lf_classifier, lf_neighbors :
        Ready-made ones.

    Notes
    -----
    A vectorised function that uses string methods of a Series is no faster than one of
    rows: both loop over texts. It pays for arithmetic on columns.

    The idea of labelling functions is that of Ratner et al., "Data Programming:
    Creating Large Training Sets, Quickly", NeurIPS 2016.

    Examples
    --------
    >>> from skdataquality.weak_supervision import labeling_function
    >>> @labeling_function
    ... def has_link(text):
    ...     return "spam" if "http" in text else None
    >>> has_link
    LabelingFunction('has_link')
    >>> has_link("see http://a.b")
    'spam'
    >>> @labeling_function(vectorized=True, label="dear")
    ... def expensive(X):
    ...     return X["price"] > 100
    >>> expensive
    LabelingFunction('expensive', vectorized=True, label='dear')
    """
    if isinstance(function, str):
        raise ValueError(
            f"function={function!r} is text: give the name as a keyword, "
            f"@labeling_function(name={function!r})."
        )
    keywords = {
        "name": name,
        "vectorized": vectorized,
        "label": label,
        "resources": resources,
    }
    if function is None:
        return partial(LabelingFunction, **keywords)
    return LabelingFunction(function, **keywords)


def as_functions(functions):
    """Return labelling functions of a list that may hold plain ones.

    A function without a name is called by its position.
    """
    if isinstance(functions, LabelingFunction) or callable(functions):
        raise ValueError(
            f"functions={shortened(functions)} is one function: pass a list, "
            f"[{shortened(functions)}]."
        )
    if not isinstance(functions, list | tuple):
        raise ValueError(
            f"functions is a {type(functions).__name__}: pass a list of labelling "
            f"functions."
        )
    if not functions:
        raise ValueError("functions is empty: pass at least one labelling function.")
    found = [_as_function(given, number) for number, given in enumerate(functions)]
    number: dict = {}
    for position, function in enumerate(found):
        first = number.setdefault(function.name, position)
        if first != position:
            raise ValueError(
                f"functions[{first}] and functions[{position}] are both named "
                f"{function.name!r}: give one of them another, labeling_function(..., "
                f"name=...)."
            )
    return found


def _as_function(given, number):
    if isinstance(given, LabelingFunction):
        return given
    if not callable(given) or isinstance(given, type):
        raise ValueError(
            f"functions[{number}] is {shortened(given)}, not a function: pass a "
            f"function of one row, or what labeling_function returns."
        )
    if isinstance(given, partial) and given.func is LabelingFunction:
        raise ValueError(
            f"functions[{number}] is labeling_function(...) without a function: write "
            f"labeling_function(function, ...)."
        )
    name = name_of(given)
    return LabelingFunction(given, f"lambda_{number}" if name == "lambda" else name)
