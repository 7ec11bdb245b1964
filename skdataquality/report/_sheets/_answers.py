"""What the answers in a sheet mean: :class:`Answers`.

The rules, in this order:

1. "?", or "cannot say", is no answer. If "?" is a label, only "cannot say".
2. A label of the table is that label. Case, blanks and composed accents do not matter,
   nor how a spreadsheet writes numbers, dates and truth values.
3. yes, y, true, 1 and x say that the given label is wrong; no, n, false and 0 that it
   is right. This is offered only where no label is one of these words or a number:
   elsewhere, and where rows have no given label, an answer is a label.
4. Any other text is refused, for it may be mistyped; or it is a new label, where those
   are taken.
"""

from difflib import get_close_matches

from skdataquality.report._csv import unmarked
from skdataquality.report._sheets._texts import (
    FALSE_WORDS,
    TRUE_WORDS,
    dates_in,
    folded,
    label_text,
    number_in,
)
from skdataquality.utils._printable import printable

WRONG, RIGHT, CANNOT_SAY = "wrong", "right", "cannot say"
WRONG_WORDS = {"yes", "y", "1", "x", "wrong", *TRUE_WORDS}
RIGHT_WORDS = {"no", "n", "0", "right", *FALSE_WORDS}
MOST_NAMED = 60  # characters of labels in a header


class Answers:
    """How answers of one sheet are read.

    Parameters
    ----------
    classes : sequence
        Labels of the table.
    shown : dict, default=None
        How the sheet, as it was saved, writes given labels: text to set of classes, as
        positions. What a spreadsheet makes of a label it makes of the same answer.
    is_about_given : bool, default=True
        Whether the rows have a label that may be right or wrong.
    takes_new : bool, default=False
        Whether an answer may be a label that the table does not have yet.

    Attributes
    ----------
    classes : list
        Labels of the table, then new ones in the order in which they were read.
    """

    def __init__(self, classes, shown=None, *, is_about_given=True, takes_new=False):
        self.classes = list(classes)
        self.n_known = len(self.classes)
        self.texts = [label_text(value) for value in classes]
        self.takes_new = takes_new
        self.shown = shown or {}
        names = {folded(text) for text in self.texts}
        is_number = any(number_in(text) is not None for text in self.texts)
        words = WRONG_WORDS | RIGHT_WORDS
        self.asks_for_label = not is_about_given or is_number or bool(names & words)
        self._is_about_given = is_about_given
        self.cannot_say = CANNOT_SAY if "?" in names else "?"
        self._unclear = {self.cannot_say, CANNOT_SAY} - names
        self._keys = [
            _positions(folded(text) for text in self.texts),
            _positions(number_in(text) for text in self.texts),
            _positions(_truth(text) for text in self.texts),
        ]
        self._dates = [dates_in(text) for text in self.texts]

    def header(self):
        """Name of the column for the answers: how to fill it in."""
        named = ", ".join(map(_told_apart, sorted(self.texts)))
        among = f": {named}" if len(named) <= MOST_NAMED else ""
        if not self._is_about_given:
            how = f"the label{among if self.texts else ''}"
        elif self.asks_for_label:
            how = f"the right label{among}"
        else:
            how = f"is the given label wrong? yes or no, or the right label{among}"
        return printable(f"answer ({how}; {self.cannot_say} = cannot say)")

    def read(self, text):
        """Return a position in the classes, WRONG, RIGHT, CANNOT_SAY, or raise."""
        plain = folded(unmarked(text))
        if plain in self._unclear:
            return CANNOT_SAY
        bare = text.strip().lstrip("'")  # typed to keep a text as it is
        found = self.label(unmarked(text)) or self.label(text) or self.label(bare)
        if len(found) > 1:
            named = ", ".join(repr(self.texts[k]) for k in sorted(found))
            raise ValueError(f"may be any of {named}: write the label as text.")
        if found:
            return next(iter(found))
        if not self.asks_for_label and plain in WRONG_WORDS | RIGHT_WORDS:
            return WRONG if plain in WRONG_WORDS else RIGHT
        if not self.asks_for_label and number_in(text) in (0, 1):
            return WRONG if number_in(text) else RIGHT
        if self.takes_new:
            return self._added(text)
        raise ValueError(f"is no label of the table{self._nearest(plain)}")

    def _added(self, text):
        """Return the position of a new label, which is of the type of the others."""
        text = unmarked(text).strip()
        label = _as_number(text, self.classes) if self._are_numbers() else text
        position = len(self.classes)
        self.classes.append(label)
        self.texts.append(label_text(label))
        keys = folded(text), number_in(text), _truth(text)
        for known, key in zip(self._keys, keys, strict=True):
            if key is not None:
                known.setdefault(key, set()).add(position)
        self._dates.append(dates_in(text))
        return position

    def _are_numbers(self):
        return self.n_known > 0 and all(
            isinstance(value, int | float) for value in self.classes
        )

    def label(self, text):
        """Return the classes that a text may be, as positions."""
        if text in self.shown:
            return self.shown[text]
        text = text.strip() if text not in self.texts else text
        exact = {k for k, own in enumerate(self.texts) if own == text}
        if exact:
            return exact | self._taken_for(text, exact)
        plain, number, truth = self._keys
        for keys, key in (
            (plain, folded(text)),
            (number, number_in(text)),
            (truth, _truth(text)),
        ):
            if key is not None and key in keys:
                return keys[key]
        dates = dates_in(text)
        return {k for k, own in enumerate(self._dates) if own & dates}

    def _taken_for(self, text, exact):
        """Return labels that a spreadsheet would write as this one, 01 for 1.

        Those that the sheet shows as they are were left alone.
        """
        alike = self._keys[1].get(number_in(text), set()) - exact
        return {k for k in alike if self.shown.get(self.texts[k]) != {k}}

    def _nearest(self, plain):
        names = {folded(text): text for text in self.texts}
        if not self.asks_for_label:
            names |= {"yes": "yes", "no": "no"}
        close = get_close_matches(plain, names, 1)
        new = "" if self._is_about_given else " Or pass new_labels=True if it is new."
        if close:
            return f"; did you mean {names[close[0]]!r}?{new}"
        first = ", ".join(map(repr, sorted(self.texts)[:5]))
        verdict = "" if self.asks_for_label else "yes or no, or "
        return (
            f": write {verdict}one of {first}{', ...' * (len(self.texts) > 5)}, or "
            f"{self.cannot_say} for cannot say.{new}"
        )


def _as_number(text, classes):
    """Return a label as the number that it must be beside others that are."""
    number = number_in(text)
    if number is None or any(isinstance(value, bool) for value in classes):
        raise ValueError(
            f"is no {'truth value' if number is not None else 'number'}, as the labels "
            f"of the table are: number it, or make their column text."
        )
    return int(number) if number == number.to_integral_value() else float(number)


def _told_apart(text):
    """Return a label as a list of labels names it."""
    return f'"{text}"' if "," in text or ";" in text else text


def _positions(keys):
    found: dict = {}
    for position, key in enumerate(keys):
        if key is not None:
            found.setdefault(key, set()).add(position)
    return found


def _truth(text):
    plain = folded(text)
    if plain in TRUE_WORDS:
        return True
    return False if plain in FALSE_WORDS else None
