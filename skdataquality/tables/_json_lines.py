"""JSON lines: one object a line, one column a key."""

import json
import re
from math import isfinite, isnan

from skdataquality.tables._formats import (
    listed,
    refuse_unusable_columns,
    repeated_names,
)
from skdataquality.tables._numbers import EXACT

ABSENT = object()
JSON_CELLS = {b"skdataquality": b"json"}
_POINTER = 8
_ROWS = 1 << 16
_DEEPEST = 100
_INT64 = range(-(2**63), 2**63)
_encoder = json.JSONEncoder(ensure_ascii=False)
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}]')
# what is no JSON, or a string, in which the words are letters
_NOT_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN')
# 1e999 is read as infinite by whoever reads numbers as floats
_VALID = {"NaN": "null", "Infinity": "1e999", "-Infinity": "-1e999"}
_DATE = r"^\d{4}-\d{2}-\d{2}"


def read_json_columns(path, text, budget):
    """Return each key's values, one a line; a key that a line lacks is `ABSENT`."""
    columns: dict = {}
    n_rows = 0
    # cells go to their columns at once: a million kept objects slow Python down
    for row in _objects(path, text):
        if row.keys() != columns.keys():
            for name in row:
                columns.setdefault(name, [ABSENT] * n_rows)
            # a new key on every line would fill a square
            budget.check(len(columns) * n_rows * _POINTER)
            for name in columns.keys() - row.keys():
                columns[name].append(ABSENT)
        for name, value in row.items():
            columns[name].append(value)
        n_rows += 1
        if n_rows % _ROWS == 0:
            budget.check(len(text) + len(columns) * n_rows * _POINTER)
    refuse_unusable_columns(path, list(columns), n_rows)
    return columns


def _objects(path, text):
    decode = json.JSONDecoder(object_pairs_hook=_unique).decode
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = decode(line.decode())
            _refuse_deep(line)
        except RecursionError as error:
            raise ValueError(
                f"{path} line {number} is not valid JSON, or nested more than "
                f"{_DEEPEST} deep: write one flatter object per line."
            ) from error
        except ValueError as error:
            raise ValueError(
                f"{path} line {number} is not valid JSON ({error}): write one object "
                f"per line."
            ) from error
        if not isinstance(row, dict):
            raise ValueError(
                f"{path} line {number} is a JSON {type(row).__name__}, no object: "
                f'write one object per line, such as {{"age": 31, "city": "Rome"}}.'
            )
        yield row


def _refuse_deep(line):
    """Raise if JSON is so deep that what handles it later may run out of stack."""
    if line.count(b"[") + line.count(b"{") <= _DEEPEST:
        return
    depth = 0
    for found in _BRACKET.finditer(line):
        opens = found[0] in b"[{"
        depth += opens - (found[0] in b"]}")
        if depth > _DEEPEST:
            raise RecursionError


def _unique(pairs):
    row = dict(pairs)
    if len(row) != len(pairs):
        repeated = repeated_names([name for name, _ in pairs])
        raise ValueError(f"repeated keys {listed(repeated)}")
    return row


def as_raw_array(path, name, values):
    """Return values as a pyarrow array that writes the same JSON again.

    Values of one plain type keep it. Others, and those of a key that some line lacks,
    become JSON text; the flag says so.
    """
    import pyarrow as pa

    plain = _plain_type({type(value) for value in values if value is not None}, values)
    if plain is not None:
        return _array(path, name, values, plain), False
    texts = [None if value is ABSENT else to_json(value) for value in values]
    return _array(path, name, texts, pa.string()), True


def _plain_type(types, values):
    import pyarrow as pa

    if not types:
        return pa.null()
    if types == {int}:
        inside = all(value is None or value in _INT64 for value in values)
        return pa.int64() if inside else None
    plain = {str: pa.string(), bool: pa.bool_(), float: pa.float64()}
    return plain.get(next(iter(types))) if len(types) == 1 else None


def as_table_array(path, name, values, as_text):
    """Return values as a pyarrow array for a data frame, None if they are nested."""
    import pyarrow as pa

    values = [None if value is ABSENT else value for value in values]
    types = {type(value) for value in values if value is not None}
    if types and types <= {dict, list} and not as_text:
        return None
    plain = None if as_text else _plain_type(types, values)
    if plain is None and not as_text and types == {int, float} and _exact(values):
        plain = pa.float64()
    if plain is not None:
        array = _array(path, name, values, plain)
        return _as_dates(array) if plain == pa.string() else array
    texts = [v if v is None or isinstance(v, str) else to_json(v) for v in values]
    return _array(path, name, texts, pa.string())


def _exact(values):
    return all(abs(value) < EXACT for value in values if isinstance(value, int))


def say_not_finite(name, values):
    """Return a note on numbers that are none in JSON, or that a float cannot hold."""
    odd = [v for v in values if type(v) is float and not isfinite(v)]
    missing = sum(map(isnan, odd))
    infinite = len(odd) - missing
    said = [f"{missing} NaN, which is no JSON, read as missing"] * bool(missing)
    if infinite:
        said.append(f"{infinite} Infinity or beyond the largest float read as infinite")
    return [f"Column {name!r}: {'; '.join(said)}."] if said else []


def to_json(value):
    """Return a value as JSON on one line, letters as they are."""
    return as_valid_json(_encoder.encode(value))


def as_valid_json(text):
    """Return JSON without Python's own words: NaN is null, an infinity is 1e999."""
    if "NaN" not in text and "Infinity" not in text:
        return text
    return _NOT_JSON.sub(lambda found: _VALID.get(found[0], found[0]), text)


def _array(path, name, values, kind):
    import pyarrow as pa

    try:
        # NaN stays a number here: null is another value in JSON
        return pa.chunked_array([pa.array(values, kind, from_pandas=False)], kind)
    except UnicodeEncodeError as error:
        raise ValueError(
            f"{path} column {name!r} holds half a character (a lone surrogate such as "
            f"\\ud800), which is no valid text: write the file again."
        ) from error


def _as_dates(texts):
    """Return ISO dates as dates, other texts as they are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = texts.drop_null()
    if not len(known) or not pc.all(pc.match_substring_regex(known, _DATE)).as_py():
        return texts
    for kind in (
        pa.date32(),
        pa.timestamp("s"),
        pa.timestamp("ns"),
        pa.timestamp("s", "UTC"),
        pa.timestamp("ns", "UTC"),
    ):
        try:
            return texts.cast(kind)
        except pa.ArrowInvalid:
            continue
    return texts
