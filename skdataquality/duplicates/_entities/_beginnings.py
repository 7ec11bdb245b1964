"""What texts that differ in every row begin with: :func:`beginnings`."""

import re

_FOLDER = re.compile(r"(.*[^/\\])[/\\]+[^/\\]+")
_BEFORE_THE_LAST_PART = re.compile(r"(.*\w)[_\-.:#]+[^_\-.:#]+")
_BEFORE_THE_LAST_NUMBER = re.compile(r"(.*\d)\D+\d+")
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
_MOST_PARTS = 3
_LOOKED_AT = 200
FOLDER, BEGINNING = "the folder of", "the beginning of"


def beginnings(texts):
    """Yield what texts begin with, the shortest first, and what to call it.

    "a/b/3.png" stands in the folders "a" and "a/b", "img12_crop3.png" begins with
    "img12". Texts without such a part begin with themselves; nothing is given where
    most are so.
    """
    yield from _without(texts, _FOLDER, FOLDER)
    names = [_EXTENSION.sub("", text) for text in texts]
    yield from _without(names, _BEFORE_THE_LAST_PART, BEGINNING)
    yield from _without(names, _BEFORE_THE_LAST_NUMBER, BEGINNING)


def _without(texts, pattern, said):
    shorter: list = []
    while len(shorter) < _MOST_PARTS and _are_mostly(texts, pattern):
        texts = [found[1] if (found := pattern.fullmatch(t)) else t for t in texts]
        shorter.append((texts, said))
    return reversed(shorter)


def _are_mostly(texts, pattern):
    some = texts[:: -(-len(texts) // _LOOKED_AT)]
    return sum(map(bool, map(pattern.fullmatch, some))) >= len(some) / 2
