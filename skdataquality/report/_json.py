"""Reports as strict JSON."""

import json

from skdataquality.utils._plain import plain


def to_json(report, *, indent=2):
    """Write a plain dict as JSON text; NaN and infinity are null."""
    return json.dumps(plain(report), indent=indent, allow_nan=False, ensure_ascii=False)
