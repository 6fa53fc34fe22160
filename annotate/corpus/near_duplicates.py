"""Sketches of texts by which near-duplicates are found, such as one wire story in two outlets."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from datasketch import MinHash

Hashes = NDArray[np.uint64]

N_BANDS = 16
"""How many bands a sketch has. Texts of Jaccard similarity s share one with probability 1 - (1 - s^4)^16."""
SIMILAR = 0.7
"""The similarity from which texts are near-duplicates; 99 of 100 such pairs share a band."""

_HASHES = 64
_SHINGLE = 20  # bytes
_SAMPLE_SHIFT = np.uint64(61)  # one shingle in 8 is kept: those whose hash starts with three zero bits
_FEWEST = 8
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 2**64)


def sketch(text: str, *, sampled: bool = True) -> bytes | None:
    """Return a text's MinHash of 64 hashes of 4 bytes (Broder, 1997), or ``None`` for a text too short to compare.

    What counts are its stretches of 20 bytes, whatever the letters' case and the white space between words. Of an
    article's, a sample is enough; those of a sentence are so few that all are needed (``sampled=False``).
    """
    shingles = _shingles(text, sampled=sampled)
    if len(shingles) < _FEWEST:
        return None
    minhash = _empty().copy()
    minhash.update_batch(shingles.tolist())
    return bytes(minhash.hashvalues.tobytes())


def bands(sketched: bytes) -> list[bytes]:
    """Cut a sketch into its bands, each with its number before it."""
    size = len(sketched) // N_BANDS
    return [bytes([number]) + sketched[number * size : (number + 1) * size] for number in range(N_BANDS)]


def similarity(one: bytes, other: bytes) -> float:
    """Estimate the Jaccard similarity of two sketched texts (0 to 1)."""
    return float(np.mean(np.frombuffer(one, np.uint32) == np.frombuffer(other, np.uint32)))


def _shingles(text: str, *, sampled: bool) -> Hashes:
    """Return the hashes, of 32 bits, of a text's shingles, or of a sample: those that every text with them samples.

    A shingle's hash is a polynomial in its bytes modulo 2**64 (Karp and Rabin, 1987), made of running sums.
    """
    data = np.frombuffer(" ".join(text.casefold().split()).encode("utf-8", "surrogatepass"), np.uint8)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(data * _powers(_BASE, len(data)), dtype=np.uint64)])
    windows = sums[_SHINGLE:] - sums[:-_SHINGLE]
    # Divided by the power it begins with, a shingle has one hash wherever it stands.
    hashes = windows * _powers(_INVERSE, len(windows))
    mixed = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(_BASE)
    taken = mixed[mixed >> _SAMPLE_SHIFT == 0] if sampled else mixed
    shingles: Hashes = np.unique(taken >> np.uint64(29) & np.uint64(2**32 - 1))
    return shingles


def _powers(base: int, n: int) -> Hashes:
    """Return the first ``n`` powers of a base modulo 2**64, from the zeroth on."""
    powers: Hashes = np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(max(n - 1, 0), base, np.uint64)]))
    return powers[:n]


@cache
def _empty() -> "MinHash":
    from datasketch import MinHash  # brings SciPy, which a single article should not wait for

    # Drawing the permutations takes longer than a text does.
    return MinHash(num_perm=_HASHES, hashfunc=int)
