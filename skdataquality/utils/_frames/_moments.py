"""When rows were made: numbers, dates, or dates in text, read as moments."""

import numpy as np

from skdataquality.utils._frames._columns import missing_mask

SEPARATORS = "/."  # beside that of ISO dates


def read_moments_of(values, name):
    """Read a 1-D array of numbers, dates or texts as numbers or datetime64 of seconds.

    Missing is NaN or NaT. Dates in text are ISO dates, or year, month and day, or day
    and month (in the order that all of them allow) and year, in digits with ``/``,
    ``.`` or ``-`` between them; a time of day may follow.

    Raises
    ------
    ValueError
        If texts are no dates, or their order of day and month is undecided; ``name`` is
        what the message says of the argument ``time``.
    """
    if values.dtype.kind in "iufmM":
        return values
    missing = missing_mask(values)
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


def read_both_moments(values, values_target, name):
    """Read the moments of training and of target rows by one order of day and month.

    Either may be None; moments without any value are None.

    Raises
    ------
    ValueError
        If one side holds numbers and the other dates, or as `read_moments_of` does.
    """
    sides = [None if v is None else np.asarray(v) for v in (values, values_target)]
    read: list = [None if v is None or missing_mask(v).all() else v for v in sides]
    if all(v is not None and v.dtype.kind not in "iufmM" for v in read):
        cut = read[0].shape[0]
        both = read_moments_of(np.concatenate([v.astype(object) for v in read]), name)
        read = [both[:cut], both[cut:]]
    read = [None if v is None else read_moments_of(v, name) for v in read]
    read = [None if v is None or missing_mask(v).all() else v for v in read]
    kinds = [v.dtype.kind in "mM" for v in read if v is not None]
    if len(set(kinds)) > 1:
        words = ["dates" if is_date else "numbers" for is_date in kinds]
        raise ValueError(
            f"time={name!r} holds {words[0]} in training rows and {words[1]} in target "
            f"rows: pass moments of one kind."
        )
    return tuple(read)


def period_of(moments, n_periods):
    """Cut moments into periods of equally many rows.

    Returns
    -------
    starts : ndarray of at most ``n_periods`` first moments, in rising order
    number : ndarray of shape (n_samples,), int
        The period of each row, -1 where its moment is missing.
    """
    missing = missing_mask(moments)
    known = np.sort(moments[~missing])
    starts = np.unique(known[np.arange(n_periods) * known.shape[0] // n_periods])
    number = np.full(moments.shape[0], -1)
    number[~missing] = np.searchsorted(starts, moments[~missing], side="right") - 1
    return starts, number


def say_moment(moment):
    """Write a moment in few characters."""
    if isinstance(moment, np.datetime64):
        return str(moment.astype("datetime64[s]")).removesuffix("T00:00:00")
    return f"{moment:g}"


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
