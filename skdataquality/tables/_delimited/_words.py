"""Words that a reader takes for missing values, and may be answers."""

from skdataquality.tables._formats import listed

# the list that pandas has by default
MISSING = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
    "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
]  # fmt: skip
_MANY = 5
_MANY_SHARE = 0.01


def is_missing(text):
    """Return where a text column is blank or a word for missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(text, value_set=pa.array(MISSING, pa.string()))


def without(text, missing):
    """Return a text column that is missing where a mask says so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(missing, pa.scalar(None, text.type), text)


def count_words(text, missing):
    """Return how often each word for missing stands in a column, the most first."""
    import pyarrow.compute as pc

    counted = pc.value_counts(text.filter(missing)).to_pylist()
    counts = {c["values"]: c["counts"] for c in counted if c["values"]}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def say_words(words, n_rows):
    """Return a note on the columns with many words read as missing, if there are."""
    least = max(_MANY, _MANY_SHARE * n_rows)
    many = [name for name, counts in words.items() if sum(counts.values()) >= least]
    if not many:
        return []
    said = [
        f"{name!r} ("
        + ", ".join(f"{count} of {word!r}" for word, count in words[name].items())
        + ")"
        for name in many[:5]
    ]
    more = f" and {len(many) - 5} more" if len(many) > 5 else ""
    return [
        f"Words were read as missing values in {', '.join(said)}{more}: if they are "
        f"answers, pass keep_words=[{listed(many)}]."
    ]
