"""The similarity that texts have by chance: :func:`chance_similarity`."""

import numpy as np
from scipy.optimize import brentq

from skdataquality.duplicates._texts._distinct import DistinctTexts
from skdataquality.duplicates._texts._products import SetProducts
from skdataquality.duplicates._texts._shingles import (
    check_shingle_size,
    content_hashes,
    text_lengths,
)

FALSE_PAIRS = 0.5  # expected in a collection without near copies
LEAST = 0.3  # nobody would call texts that share less copies
USUAL = 0.7  # where there are too few texts to tell
_FEW_TEXTS = 20
_SAMPLE, _CHARACTERS = 2000, 4_000_000
_SKIPPED, _USED = 2, 10  # pairs per text: more similar ones may be copies
_CLEAN = 0.25  # hardly any copy resembles its original less than that
_FEW_PAIRS = 30
_SMOOTHING = 2  # shingles: one more or less shared says little of short texts
_CAUTION = 1.1  # times the distance from what is seen to what is foretold


def chance_similarity(texts, *, shingle_size=5):
    """Find a similarity that unrelated texts of a collection do not reach by chance.

    The logits of the similarities of unrelated texts have an exponential tail: each
    tenth of the pairs lies higher by about the same step. The tail is seen between the
    10 n and the 2 n most similar of the pairs of n texts, or up to a similarity of .25
    if that is higher, which leaves out what copies there are; from there it is
    continued to where half a pair is expected in the whole collection.

    Parameters
    ----------
    texts : sequence of str, of length n_samples
        Missing ones and repeats are left out. Of many, 2000 are compared.
    shingle_size : int, default=5
        As for :func:`similar_texts`.

    Returns
    -------
    threshold : float
        From .3 to 1, and at least .7 if there are fewer than 20 distinct texts. 1 means
        that no similarity short of equal shingles tells copies from other texts.

    Notes
    -----
    The result does not depend on the order of rows. It holds where most texts have no
    more than about three copies, and is too high, so that copies are missed, in crowds
    of more, among texts made from few templates, and where few short texts share many
    words. It is too low where rare groups of texts, fewer than one pair of n, resemble
    each other for a reason, such as quotations of one source.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.duplicates._texts import chance_similarity
    >>> rng = np.random.default_rng(0)
    >>> letters = rng.choice(list("abcdefgh"), size=(400, 30))
    >>> chance_similarity(["".join(row) for row in letters], shingle_size=3)
    0.3
    """
    check_shingle_size(shingle_size)
    texts = DistinctTexts(texts).texts
    if len(texts) < 2:
        return USUAL
    products = SetProducts(_sample(texts, shingle_size), shingle_size)
    n = products.sizes.size
    similarity = np.concatenate([block[block > 0] for _, block in products.blocks()])
    scale = _SmoothedLogit(np.median(products.sizes))
    share = n / len(texts)
    found = _continued_tail(np.sort(similarity)[::-1], n * share, share**2, scale)
    least = USUAL if len(texts) < _FEW_TEXTS else LEAST
    return float(np.clip(found, least, 1.0))


def _sample(texts, size):
    """Take some of the texts, which ones depending on their content alone."""
    if len(texts) > _SAMPLE or text_lengths(texts).sum() > _CHARACTERS:
        order = np.argsort(content_hashes(texts, size), kind="stable")
        texts = [texts[row] for row in order[:_SAMPLE].tolist()]
    fits = np.cumsum(text_lengths(texts)) <= _CHARACTERS
    return texts[: max(int(fits.sum()), 2)]


class _SmoothedLogit:
    """Logit of a similarity of texts of so many shingles, finite at 0 and 1."""

    def __init__(self, n_shingles):
        self._n = n_shingles

    def __call__(self, similarity):
        shared = 2 * self._n * similarity / (1 + similarity)
        return np.log((shared + _SMOOTHING) / (2 * (self._n - shared) + _SMOOTHING))

    def inverse(self, logit):
        odds = np.exp(np.minimum(logit, 50))
        shared = (2 * self._n * odds + _SMOOTHING * (odds - 1)) / (1 + 2 * odds)
        return shared / (2 * self._n - shared) if shared < self._n else 1.0


def _continued_tail(similarity, n_texts, share, scale):
    """Where the tail of falling similarities above 0 leaves half a pair.

    ``n_texts`` is what a copy of each text would add to the pairs, ``share`` that of
    the pairs which were compared.
    """
    if similarity.size < _FEW_PAIRS:
        return LEAST
    last = similarity.size - 1
    skipped = similarity[min(max(int(_SKIPPED * n_texts), _FEW_PAIRS), last)]
    lowest = similarity[min(max(int(_USED * n_texts), 5 * _FEW_PAIRS), last)]
    highest = max(_CLEAN, skipped)
    seen = similarity[(similarity >= lowest) & (similarity < highest)]
    if seen.size < _FEW_PAIRS:
        return 1.0
    values, place = np.unique(seen, return_inverse=True)
    edges = scale(np.append(values, highest))
    # few values are steps of a smooth tail: each stands for what lies up to the next
    excess = ((edges[:-1] + edges[1:]) / 2 - edges[0])[place]
    rate, n_beyond_low = _truncated_tail(excess, edges[-1] - edges[0])
    if rate == 0:
        return 1.0
    steps = np.log(max(n_beyond_low, 1) / (FALSE_PAIRS * share))
    return scale.inverse(edges[0] + _CAUTION * steps / rate)


def _truncated_tail(excess, width):
    """Rate of an exponential seen up to ``width`` only, and how many it has in all."""
    mean = excess.mean() / width
    if mean < 2e-3:
        return 500 / width, excess.size
    if mean > 0.49:  # flat: it never ends
        return 0.0, np.inf
    rate = brentq(lambda r: 1 / r - 1 / np.expm1(r) - mean, 1e-2, 600)
    return rate / width, excess.size / -np.expm1(-rate)
