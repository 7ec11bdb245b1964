"""MinHash: a few numbers for each text that tell how many shingles two share."""

from typing import NamedTuple

import numpy as np

from skdataquality.duplicates._texts._shingles import (
    BLOCK,
    mixed,
    shingle_hashes,
    text_blocks,
    text_lengths,
)
from skdataquality.utils._draws import FIXED_SEED


class Sketches(NamedTuple):
    """What is kept of the MinHash signatures (Broder, 1997) of texts.

    Attributes
    ----------
    bands : ndarray of shape (n_texts, n_bands), uint32
        A hash of each band of the signature.
    bytes : ndarray of shape (n_texts, n_hashes), uint8
        The lowest byte of each hash of it; the share of equal ones estimates the
        Jaccard similarity J, with expectation J + (1 - J) / 256.
    content : ndarray of shape (n_texts,), uint64
        A hash of all shingles, that orders texts whatever their rows.
    """

    bands: np.ndarray
    bytes: np.ndarray
    content: np.ndarray


def sketch_texts(texts, size, banding):
    """Sketch texts block by block; memory is that of the result."""
    n = len(texts)
    factors = _odd_numbers(banding.n_hashes, np.uint32)
    out = Sketches(
        np.empty((n, banding.n_bands), dtype=np.uint32),
        np.empty((n, banding.n_hashes), dtype=np.uint8),
        np.empty(n, dtype=np.uint64),
    )
    for block in text_blocks(text_lengths(texts), BLOCK):
        hashes, starts = shingle_hashes(texts[block], size)
        signature = _signatures(hashes, starts, factors)
        out.bytes[block] = signature.T  # casting keeps the lowest byte
        out.bands[block] = _band_hashes(signature, banding).T
        out.content[block] = np.add.reduceat(hashes, starts)
    return out


def _signatures(hashes, starts, factors):
    """Least of each hash over the shingles of a text, shape (n_hashes, n_texts)."""
    short = (hashes >> np.uint64(32)).astype(np.uint32)
    product = np.empty_like(short)
    out = np.empty((factors.size, starts.size), dtype=np.uint32)
    for factor, least in zip(factors, out, strict=True):
        np.multiply(short, factor, out=product)
        np.minimum.reduceat(product, starts, out=least)
    return out


def _band_hashes(signature, banding):
    """Hash of each band, shape (n_bands, n_texts)."""
    rows = mixed(signature.astype(np.uint64) + np.uint64(1))
    rows *= _odd_numbers(banding.n_hashes, np.uint64)[:, None]
    bands = rows.reshape(banding.n_bands, banding.n_rows, -1).sum(axis=1)
    return (mixed(bands) >> np.uint64(32)).astype(np.uint32)


def _odd_numbers(n, dtype):
    numbers = np.random.default_rng(FIXED_SEED).integers(
        np.iinfo(dtype).max, size=n, dtype=dtype
    )
    return numbers | dtype(1)
