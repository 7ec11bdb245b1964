"""Ten labelling functions for comments below videos, ours and as Snorkel has them.

They follow the descriptions that come with the youtube votes of WRENCH, and were
written without a look at which comments they get wrong.
"""

import re
from functools import cache

import numpy as np

from skdataquality.weak_supervision import labeling_function, lf_keywords, lf_regex

HAM, SPAM = 0, 1
ABSTAIN = -1
PATTERNS = {
    "my": (SPAM, r"\bmy (channel|video|page|music|song|cover|new)"),
    "subscribe": (SPAM, r"subscri"),
    "link": (SPAM, r"https?:|www\.|\.com\b"),
    "please": (SPAM, r"\b(please|plz|pls)\b"),
    "check_out": (SPAM, r"check.{0,20}out"),
    "money": (SPAM, r"[$]|\b(money|free|giveaway|earn|win)\b"),
    "song": (HAM, r"\b(song|music video|lyrics|beat|melody)\b"),
    "praise": (HAM, r"\b(love|best|awesome|amazing|great|beautiful)\b"),
}
SHORT, LONG = 5, 30  # words


@labeling_function
def short(text):
    return HAM if len(text.split()) <= SHORT else None


@labeling_function
def long(text):
    return SPAM if len(text.split()) >= LONG else None


WORDS = {
    "channel": (SPAM, ["my channel", "my video", "my page"]),
    "subscribe": (SPAM, ["subscribe", "sub to"]),
    "link": (SPAM, ["http:", "https:", "www."]),
    "please": (SPAM, ["please", "plz"]),
    "check_out": (SPAM, ["check out", "check it out"]),
    "money": (SPAM, ["money", "free", "giveaway"]),
    "song": (HAM, ["song", "lyrics"]),
    "praise": (HAM, ["love", "awesome", "amazing"]),
}
KEYWORDS = [
    lf_keywords(words, label, whole_words=False, name=name)
    for name, (label, words) in WORDS.items()
]
FUNCTIONS = [
    *(
        lf_regex(f"(?i){pattern}", label, name=name)
        for name, (label, pattern) in PATTERNS.items()
    ),
    short,
    long,
]


@cache
def snorkel_functions():
    """Return the ten functions, of one row of a frame with a column text."""
    from snorkel.labeling import LabelingFunction

    def matches(row, search, label):
        return label if search(row.text) else ABSTAIN

    def is_short(row):
        return HAM if len(row.text.split()) <= SHORT else ABSTAIN

    def is_long(row):
        return SPAM if len(row.text.split()) >= LONG else ABSTAIN

    found = [
        LabelingFunction(name, matches, resources={"search": search, "label": label})
        for name, (label, search) in searches().items()
    ]
    return [
        *found,
        LabelingFunction("short", is_short),
        LabelingFunction("long", is_long),
    ]


@cache
def snorkel_keywords():
    """Return the functions of words alone, as its tutorials write them."""
    from snorkel.labeling import LabelingFunction

    def holds(row, words, label):
        text = row.text.lower()
        return label if any(word in text for word in words) else ABSTAIN

    return [
        LabelingFunction(name, holds, resources={"words": words, "label": label})
        for name, (label, words) in WORDS.items()
    ]


def searches():
    """Return label and search of each pattern."""
    return {
        name: (label, re.compile(f"(?i){pattern}").search)
        for name, (label, pattern) in PATTERNS.items()
    }


def by_hand(texts):
    """Return the votes of the ten functions from loops over the texts."""
    lengths = np.array([len(text.split()) for text in texts])
    found = [
        np.where([search(text) is not None for text in texts], label, ABSTAIN)
        for label, search in searches().values()
    ]
    found.append(np.where(lengths <= SHORT, HAM, ABSTAIN))
    found.append(np.where(lengths >= LONG, SPAM, ABSTAIN))
    return np.stack(found, axis=1)
