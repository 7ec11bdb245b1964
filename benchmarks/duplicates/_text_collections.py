"""Collections of texts without copies, and copies of them with errors of typing."""

import string

import numpy as np
import pandas as pd

from benchmarks._real_tables import folder

LETTERS = np.array(list(string.ascii_lowercase))
CAPITALS = np.array(list(string.ascii_uppercase + string.digits))


def names(rng, n, shortest, longest):
    """Draw words that can be spoken."""
    sounds = [list("bcdfghjklmnprstvwz"), list("aeiou")]
    return np.array(
        [
            "".join(rng.choice(sounds[i % 2]) for i in range(length))
            for length in rng.integers(shortest, longest + 1, n)
        ]
    )


def usual(rng, pool, size):
    """Draw from a pool, the first ones most often (Zipf)."""
    share = 1 / np.arange(1, len(pool) + 1)
    return rng.choice(pool, size=size, p=share / share.sum())


def lines(*columns, between=" "):
    return [between.join(map(str, cells)) for cells in zip(*columns, strict=True)]


def products(rng, n):
    return lines(
        usual(rng, names(rng, 60, 4, 8), n),
        usual(rng, names(rng, 40, 4, 7), n),
        usual(rng, names(rng, 120, 4, 9), n),
        rng.integers(1, 500, n),
        rng.choice(["ml", "kg", "cm", "pack"], n),
        usual(rng, names(rng, 15, 3, 6), n),
    )


def templates(rng, n):
    """Letters of thirty kinds, with names, a town and a number filled in."""
    words = usual(rng, names(rng, 600, 2, 8), (30, 40))
    people, towns = names(rng, 500, 4, 8), names(rng, 200, 5, 9)
    out = []
    for kind in rng.integers(30, size=n):
        length = 12 + kind % 18
        half = length // 2
        cells = [*words[kind, :half], *rng.choice(people, 2), *words[kind, half:length]]
        out.append(" ".join([*cells, rng.choice(towns), str(rng.integers(10**6))]))
    return out


def codes(rng, n):
    prefixes = ["".join(rng.choice(CAPITALS, 3)) for _ in range(40)]
    middle = ["".join(row) for row in rng.choice(CAPITALS, (n, 6))]
    last = [f"{number:03d}" for number in rng.integers(1000, size=n)]
    return lines(rng.choice(prefixes, n), middle, last, between="-")


def prose(rng, n):
    words = names(rng, 5000, 2, 9)
    return [" ".join(usual(rng, words, size)) for size in rng.integers(5, 40, n)]


def addresses(rng, n):
    towns = names(rng, 150, 5, 11)
    zips = rng.permutation(9000)[:150] + 1000
    town = (rng.random(n) ** 2 * 150).astype(int)
    return lines(
        usual(rng, names(rng, 200, 4, 7), n),
        usual(rng, names(rng, 800, 5, 9), n),
        rng.integers(1, 200, n),
        rng.choice(["street", "road", "avenue", "place", "close"], n),
        rng.choice(names(rng, 300, 5, 10), n),
        towns[town],
        zips[town],
    )


def comments(rng, n):
    """Texts of very different lengths, from one word on."""
    words = names(rng, 3000, 2, 9)
    sizes = np.maximum(1, rng.lognormal(1.8, 0.9, n).astype(int))
    return [" ".join(usual(rng, words, size)) for size in sizes]


def titles(rng, n):
    """Two authors, a title, a venue and a year."""
    authors, words = names(rng, 600, 5, 9), names(rng, 1500, 3, 9)
    long = [" ".join(usual(rng, words, size)) for size in rng.integers(4, 11, n)]
    venue = usual(rng, names(rng, 25, 6, 12), n)
    two = lines(usual(rng, authors, n), usual(rng, authors, n), between=", ")
    return lines(two, long, venue, rng.integers(1985, 2025, n), between=". ")


def notes(rng, n):
    """Free text of a nurse: common phrases in any order, and some words."""
    words, phrases = names(rng, 2000, 3, 8), usual(rng, names(rng, 400, 3, 8), (60, 3))
    phrases = [" ".join(row) for row in phrases]
    return [
        ", ".join([*usual(rng, phrases, rng.integers(1, 4)), *usual(rng, words, 9)])
        for _ in range(n)
    ]


CHOSEN_ON = {
    "products": products,
    "templates": templates,
    "codes": codes,
    "prose": prose,
}
REPORTED = {
    "addresses": addresses,
    "comments": comments,
    "titles": titles,
    "notes": notes,
}


def with_copies(base, rng, share, group):
    """Replace a share of the rows by copies of others, so many of each.

    Returns distinct texts, and for each the number of its original.
    """
    n_copies = round(share * len(base))
    base = base[: len(base) - n_copies]
    originals = rng.permutation(len(base))[np.arange(n_copies) // group]
    origin = {text: row for row, text in reversed(list(enumerate(base)))}
    for row in originals.tolist():
        text = base[row]
        for _ in range(rng.integers(1, 3)):
            text = mistyped(rng, text)
        origin.setdefault(text, row)
    return list(origin), np.array(list(origin.values()))


def mistyped(rng, text):
    """Change, add or lose a letter, or swap two neighbouring words."""
    at = int(rng.integers(len(text)))
    letter = str(rng.choice(LETTERS))
    kind = rng.integers(4)
    if kind == 0:
        return text[:at] + letter + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 2 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    words = text.split(" ")
    if len(words) > 2:
        at = int(rng.integers(len(words) - 1))
        words[at : at + 2] = words[at + 1], words[at]
    return " ".join(words)


def persons(number):
    """Read records of FEBRL, the cells of a row as one text, and whom each is about."""
    path = folder() / f"febrl/dataset{number}.csv"
    if not path.exists():
        return None
    table = pd.read_csv(path, skipinitialspace=True, dtype=str)
    entity = table.pop("rec_id").str.extract(r"rec-(\d+)-")[0].to_numpy()
    cells = table.fillna("").to_numpy()
    return [" ".join(filter(None, row)) for row in cells], entity


def messages(name):
    """Texts of messages, as they are; None without the data."""
    if not folder().is_dir():
        return None
    if name == "sms_spam":
        return _sms_spam()[1].tolist()
    paths = sorted((folder() / "youtube_spam").glob("Youtube*.csv"))
    return pd.concat([pd.read_csv(p) for p in paths])["CONTENT"].tolist()


def spam_labels():
    """1 for the messages of ``sms_spam`` that are spam, 0 for others."""
    return (_sms_spam()[0] == "spam").astype(int).to_numpy()


def _sms_spam():
    path = folder() / "sms_spam/SMSSpamCollection"
    return pd.read_csv(path, sep="\t", header=None, quoting=3)
