"""Ready-made labelling functions of texts: :func:`lf_keywords`, :func:`lf_regex`."""

import re
from dataclasses import dataclass, field
from reprlib import repr as shortened
from typing import Any

import numpy as np

from skdataquality.utils._printable import printable
from skdataquality.weak_supervision._functions._answers import check_label
from skdataquality.weak_supervision._functions._cells import texts_of
from skdataquality.weak_supervision._functions._function import LabelingFunction
from skdataquality.weak_supervision._functions._rule import Rule, slug


@dataclass(frozen=True, eq=False, repr=False)
class _Keywords(Rule):
    words: list
    label: Any
    column: Any = None
    match_case: bool = False
    whole_words: bool = True
    searches: Any = field(default=None, metadata={"shown": False})

    maker = "lf_keywords"

    def __call__(self, X):
        texts = [text or "" for text in texts_of(X, self.column, self)]
        if not self.match_case:
            texts = list(map(str.casefold, texts))
        votes = np.zeros(len(texts), dtype=bool)
        for word, search in self.searches:
            # much faster than the pattern, which then looks at few texts
            rows = [row for row, text in enumerate(texts) if word in text]
            if self.whole_words:
                rows = [r for r in rows if search(text := texts[r], text.find(word))]
            votes[rows] = True
        return votes


@dataclass(frozen=True, eq=False, repr=False)
class _Regex(Rule):
    pattern: Any
    label: Any
    column: Any = None
    flags: int = 0
    compiled: Any = field(default=None, metadata={"shown": False})

    maker = "lf_regex"

    def __call__(self, X):
        texts, search = texts_of(X, self.column, self), self.compiled.search
        found = (text is not None and search(text) is not None for text in texts)
        return np.fromiter(found, dtype=bool, count=len(texts))


def lf_keywords(
    words, label, *, column=None, match_case=False, whole_words=True, name=None
):
    """Make a labelling function that votes where a text holds one of some words.

    Parameters
    ----------
    words : str or list of str
        Words or phrases; a single text is one of them.
    label : str, int or bool
        Vote for the texts that hold one; the others are abstained from.
    column : str or int, default=None
        Column of the texts, by name or position, if X is a table of more than one.
    match_case : bool, default=False
        Whether "Free" differs from "free".
    whole_words : bool, default=True
        Whether "win" is not in "window".
    name : str, default=None
        None is ``keywords_`` and the label.

    Returns
    -------
    labeling_function : LabelingFunction
        It pickles; missing texts are abstained from.

    Raises
    ------
    ValueError
        If there is no word, or one is empty.

    See Also
    --------
    lf_regex : With a pattern.

    Notes
    -----
    Wrong where a word is negated or quoted: "not free" holds "free". In scripts without
    blanks between words pass ``whole_words=False``.

    Examples
    --------
    >>> from skdataquality.weak_supervision import lf_keywords
    >>> spam = lf_keywords(["free", "click here"], "spam")
    >>> spam
    lf_keywords(words=['free', 'click here'], label='spam')
    >>> spam(["Free!", "freedom", "please click here"])
    array([ True, False,  True])
    """
    check_label(label)
    listed = list(words) if np.iterable(words) else [words]
    listed = [words] if isinstance(words, str) else listed
    bad = [word for word in listed if not isinstance(word, str) or not word.strip()]
    if bad or not listed:
        raise ValueError(
            f"words={shortened(words)} must be at least one text, and none of them "
            f"empty or of another type."
        )
    found = listed if match_case else [word.casefold() for word in listed]
    searches = [
        (word, re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search)
        for word in dict.fromkeys(found)
    ]
    rule = _Keywords(listed, label, column, match_case, whole_words, searches)
    return _voting(rule, label, name or f"keywords_{slug(label)}")


def lf_regex(pattern, label, *, column=None, flags=0, name=None):
    """Make a labelling function that votes where a text matches a regular expression.

    Parameters
    ----------
    pattern : str or re.Pattern
        Searched for anywhere in the text.
    label : str, int or bool
        Vote for the texts that match; the others are abstained from.
    column : str or int, default=None
        Column of the texts, by name or position, if X is a table of more than one.
    flags : int, default=0
        Of :mod:`re`, such as ``re.IGNORECASE``.
    name : str, default=None
        None is ``regex_`` and the label.

    Returns
    -------
    labeling_function : LabelingFunction
        It pickles; missing texts are abstained from.

    Raises
    ------
    ValueError
        If the pattern is none.

    See Also
    --------
    lf_keywords : Words, without thought of escapes.

    Notes
    -----
    Patterns with nested repeats, such as ``(a+)+b``, may take for ever on a long text.

    Examples
    --------
    >>> from skdataquality.weak_supervision import lf_regex
    >>> link = lf_regex(r"https?://", "spam", name="link")
    >>> link(["see https://a.b", "see you"])
    array([ True, False])
    """
    check_label(label)
    try:
        compiled = re.compile(pattern, flags)
    except (re.error, TypeError, ValueError) as error:
        raise ValueError(
            f"pattern={printable(repr(pattern))} is no regular expression: {error}."
        ) from error
    if not isinstance(compiled.pattern, str):
        raise ValueError(f"pattern={pattern!r} is of bytes: pass one of text.")
    rule = _Regex(compiled.pattern, label, column, flags, compiled)
    return _voting(rule, label, name or f"regex_{slug(label)}")


def _voting(rule, label, name):
    return LabelingFunction(rule, name, vectorized=True, label=label)
