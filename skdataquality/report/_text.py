"""Words for numbers, shared by all renderings of a report's plain dict."""

NAMES = {
    "duplicates": "Duplicates",
    "imbalance": "Imbalance",
    "label_noise": "Label noise",
    "shift": "Shift",
}
WIDTH = 80


def say_number(value):
    """Write a plain number, text or interval dict for people to read.

    >>> say_number({"estimate": 0.25, "lower": 0.2, "upper": 0.3, "method": "Wilson"})
    '0.25 [0.2, 0.3]'
    """
    if isinstance(value, dict):
        ends = f"[{say_number(value['lower'])}, {say_number(value['upper'])}]"
        return f"{say_number(value['estimate'])} {ends}"
    if isinstance(value, bool) or value is None:
        return {None: "-", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


def say_method(value):
    """How an interval was made; empty for a bare number."""
    return value["method"] if isinstance(value, dict) else ""


def say_name(key):
    """Turn a key into words."""
    return NAMES.get(key, key.replace("_", " "))


def runnable(code):
    """Import lines and the expression of a suggested estimator, as one text."""
    return "\n".join([*code["imports"], "", f"estimator = {code['expression']}"])
