"""Results as strict JSON can hold them: :func:`plain`."""

import math
from collections.abc import Mapping

import numpy as np

_PLAIN = {bool, int, str, type(None)}


def plain(value):
    """Return lists, dicts, numbers, text and None; a number without a value is None.

    >>> import numpy as np
    >>> plain({"a": (np.int64(1), float("nan")), "b": np.array(["x"])})
    {'a': [1, None], 'b': ['x']}
    """
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        if _PLAIN.issuperset(map(type, value)):  # no call for each cell
            return list(value)
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return (
        value if value is None or isinstance(value, str | int | float) else str(value)
    )
