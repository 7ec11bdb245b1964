"""Periods of time that serve as sources: :func:`periods`."""

import numpy as np

from skdataquality.utils._validation import missing_mask

N_PERIODS = 10
SEPARATORS = "/."  # beside that of ISO dates


def periods(values, name):
    """Cut numbers or dates into ten periods of equally many rows.

    Each is named by its first moment; a missing time is None. Dates in text are ISO
    dates, or year, month and day, or day and month (in the order that all of them
    allow) and year, in digits with ``/``, ``.`` or ``-`` between them; a time of day
    may follow.
    """
    missing = missing_mask(values)
    if values.dtype.kind not in "iufmM":
        values = _dates(values, missing, name)
    missing = missing_mask(values)  # of texts now, too
    if missing.all():
        raise ValueError(f"time={name!r} has no value: choose another column.")
    known = np.sort(values[~missing])
    starts = np.unique(known[np.arange(N_PERIODS) * known.shape[0] // N_PERIODS])
    out = np.full(values.shape[0], None, dtype=object)
    number = np.searchsorted(starts, values[~missing], side="right") - 1
    said = np.array([_say(start) for start in starts], dtype=object)
    out[~missing] = np.char.add("from ", said.astype(str))[number]
    return out


def _say(moment):
    if isinstance(moment, np.datetime64):
        return str(moment.astype("datetime64[s]")).removesuffix("T00:00:00")
    return f"{moment:g}"


def _dates(values, missing, name):
    """Read text or date objects as moments."""
    out = np.full(values.shape[0], "NaT", dtype="datetime64[s]")
    known = values[~missing]
    moments = _as_moments(known)
    if moments is None:
        moments = _as_moments_in_words(known.astype(str), name)
    if moments is None:
        raise ValueError(
            f"time={name!r} holds {known[:1].tolist()}: pass numbers, or dates such as "
            f"2024-05-31 or 31/05/2024."
        )
    out[~missing] = moments
    return out


def _as_moments(values):
    try:
        return np.asarray(values, dtype="datetime64[s]")
    except (TypeError, ValueError):
        return None


def _as_moments_in_words(texts, name):
    """Read dates whose parts stand in one of three orders, the same in all rows."""
    plain = np.strings.strip(texts)
    for separator in SEPARATORS:
        plain = np.strings.replace(plain, separator, "-", count=2)
    first, _, rest = np.strings.partition(plain, "-")
    second, _, rest = np.strings.partition(rest, "-")
    third, _, time = np.strings.partition(np.strings.replace(rest, "T", " "), " ")
    year_first = _joined(first, second, third, time)
    if year_first is not None:
        return year_first
    day_first = _joined(third, second, first, time)
    month_first = _joined(third, first, second, time)
    both = day_first is not None and month_first is not None
    if both and (day_first != month_first).any():
        raise ValueError(
            f"time={name!r} holds {texts[:1].tolist()}, day and month in an order that "
            f"no row decides: pass dates such as 2024-05-31."
        )
    return month_first if day_first is None else day_first


def _joined(year, month, day, time):
    if not (np.strings.isdigit(year) & (np.strings.str_len(year) == 4)).all():
        return None
    date = year
    for part in (month, day):
        date = np.strings.add(np.strings.add(date, "-"), np.strings.zfill(part, 2))
    has_time = np.strings.str_len(time) > 0
    with_time = np.strings.add(np.strings.add(date, "T"), np.strings.zfill(time, 5))
    return _as_moments(np.where(has_time, with_time, date))
