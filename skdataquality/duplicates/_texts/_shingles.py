"""The character n-grams of texts, as 64-bit hashes."""

from numbers import Integral

import numpy as np
import scipy.sparse as sp

_NO_CHARACTER = 0x110000  # follows the last code point: no text holds it
_PRIME = np.uint64(0x100000001B3)
_KEY_BITS = 48  # of a shingle, beside the number of its text
BLOCK = 1 << 15  # characters: what stays in a processor's cache
MOST_SETS = 1 << (64 - _KEY_BITS)


def check_shingle_size(size):
    """Raise unless it is a whole number from 1 on."""
    if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
        raise ValueError(
            f"shingle_size={size!r}: pass a whole number of characters, at least 1 "
            f"(5 for prose, 3 for short records)."
        )


def text_lengths(texts):
    """Characters of each text."""
    return np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))


def text_blocks(lengths, n_characters):
    """Yield slices of texts of about so many characters, of one text at least."""
    ends = np.cumsum(np.maximum(lengths, 1))
    start = 0
    while start < ends.size:
        limit = ends[start] - max(lengths[start], 1) + n_characters
        stop = max(start + 1, int(np.searchsorted(ends, limit, side="right")))
        yield slice(start, stop)
        start = stop


def shingle_hashes(texts, size):
    """Hash all runs of ``size`` characters of each text; one shorter is one shingle.

    What a short text lacks is filled with what is no character, so that it shares
    nothing with longer ones; all empty texts have the same shingle.

    Returns
    -------
    hashes : ndarray of uint64
        Those of the first text, then of the second, with repeats.
    starts : ndarray of shape (n_texts,), int64
        Where those of each text begin.
    """
    codes, begin, lengths = _codes(texts, size)
    n_positions = codes.size - size + 1
    h = np.zeros(n_positions, dtype=np.uint64)
    for j in range(size):
        h *= _PRIME
        h += codes[j : j + n_positions]
    counts = np.maximum(lengths - size + 1, 1)
    starts = np.cumsum(counts) - counts
    own = np.repeat(begin - starts, counts) + np.arange(counts.sum())
    return mixed(h[own]), starts


def content_hashes(texts, size):
    """One 64-bit hash of all shingles of each text, whatever its row."""
    out = np.empty(len(texts), dtype=np.uint64)
    for block in text_blocks(text_lengths(texts), BLOCK):
        out[block] = np.add.reduceat(*shingle_hashes(texts[block], size))
    return out


def mixed(h):
    """Spread every bit of 64-bit numbers over all (the finish of MurmurHash3)."""
    h = h ^ (h >> np.uint64(33))
    h *= np.uint64(0xFF51AFD7ED558CCD)
    h ^= h >> np.uint64(33)
    h *= np.uint64(0xC4CEB9FE1A85EC53)
    h ^= h >> np.uint64(33)
    return h


def shingle_sets(texts, size):
    """Return sets of shingles as rows of a sparse matrix of ones, columns rising.

    A column is the hash of a shingle cut to 48 bits: two shingles of a pair of texts
    of 1000 characters are confused with probability 4e-9.
    """
    hashes, starts = shingle_hashes(texts, size)
    counts = np.diff(starts, append=hashes.size)
    keys = hashes >> np.uint64(64 - _KEY_BITS)
    keys |= np.repeat(np.arange(starts.size, dtype=np.uint64), counts) << np.uint64(
        _KEY_BITS
    )
    keys.sort()
    if keys.size:
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    rows = (keys >> np.uint64(_KEY_BITS)).astype(np.int64)
    columns = (keys & np.uint64((1 << _KEY_BITS) - 1)).astype(np.int64)
    ends = np.cumsum(np.bincount(rows, minlength=starts.size))
    sets = sp.csr_array(
        (np.ones(columns.size, np.int32), columns, np.concatenate([[0], ends])),
        shape=(starts.size, 1 << _KEY_BITS),
    )
    sets.has_canonical_format = True
    return sets


def _codes(texts, n_between):
    """Code points of all texts, each followed by so many that are no character."""
    lengths = text_lengths(texts)
    gap = "\0" * n_between
    joined = gap.join(texts) + gap
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    begin = np.cumsum(lengths + n_between) - lengths - n_between
    codes = codes.copy()
    between = (begin + lengths)[:, None] + np.arange(n_between)
    codes[between.ravel()] = _NO_CHARACTER
    return codes, begin, lengths
