"""Reports as strict JSON."""

import json

from skdataquality.utils._plain import plain


def to_json(report, *, indent=2):
    """Write a plain dict as JSON text; NaN and infinity are null.

    Parameters
    ----------
    report : dict
    indent : int or None, default=2

    Returns
    -------
    text : str
    """
    return json.dumps(plain(report), indent=indent, allow_nan=False, ensure_ascii=False)
