"""Text from the data, made harmless to read, and labels that read alike."""

import re
import unicodedata
from collections import defaultdict

# printable to Python, yet nothing is seen (Default_Ignorable_Code_Point in Unicode)
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]"
)


def printable(value):
    r"""Text on one line; what a terminal would obey, or not show, is escaped.

    These are control characters, those that turn the direction of a text, those
    without a glyph, and halves of surrogate pairs.

    >>> printable("red\x1b[31m\u202e")
    'red\\x1b[31m\\u202e'
    """
    return without_controls(" ".join(str(value).split()))


def without_controls(text):
    """Text as it is, line breaks and other unseen characters as Python escapes."""
    if text.isprintable() and not UNSEEN.search(text):
        return text
    return "".join(c if is_visible(c) else _escape(c) for c in text)


def is_visible(character):
    """Whether a character shows as itself, without effect on others."""
    return character.isprintable() and not UNSEEN.match(character)


def _escape(character):
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def look_alike_labels(classes):
    """Find labels that differ by case, blanks or unicode form only."""
    alike = defaultdict(list)
    for label in classes:
        if isinstance(label, str):
            plain = unicodedata.normalize("NFKC", label).casefold()
            alike[" ".join(plain.split())].append(str(label))
    return [tuple(labels) for labels in alike.values() if len(labels) > 1]


def say_look_alike(labels):
    """Say of labels that they look alike, and what to do."""
    return (
        f"labels {list(labels)} look alike: they differ by "
        f"case, blanks or unicode form only, and count as different classes. Unify "
        f"them if they are one."
    )
