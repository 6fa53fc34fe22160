"""Sentences as an encoder reads them: windows of token ids that know where in the sentence they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.words import Place, words_of

Ids = npt.NDArray[np.int64]
MASK_PADDING = 0
BATCH = 256
"""Tokens of a batch: with more, what passes between two layers does not fit the processor's cache."""
_OVERLAP = 32  # tokens that two windows of a long sentence share, so that no expression is seen only in halves


@dataclass(frozen=True)
class Window:
    """A sentence, or a part of one that is too long for the encoder, as tokens.

    ``words[i]`` is the place in the sentence of the word that token ``i`` belongs to; ``None`` for tokens of no word.
    """

    sentence: int
    ids: tuple[int, ...]
    words: tuple[Place | None, ...]


def load_tokenizer(path: Path, max_length: int) -> Tokenizer:
    """Load a tokenizer that cuts sentences of more than ``max_length`` tokens into overlapping windows."""
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing narrower
        raise ModelError(f"{path}: not a tokenizer: {error}") from error
    return windowing(tokenizer, max_length)


def windowing(tokenizer: Tokenizer, max_length: int) -> Tokenizer:
    """Make a tokenizer cut long sentences into overlapping windows, and pad nothing, whatever it was saved to do."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length, stride=min(_OVERLAP, max_length // 4), strategy="only_first")
    return tokenizer


def to_windows(tokenizer: Tokenizer, sentences: Sequence[Sentence], *, context: bool = False) -> list[Window]:
    """Tokenize sentences; each gives one window, or several where it is too long.

    With ``context``, the end of the sentence before follows each window, as a second text.
    """
    texts = _with_context(tokenizer, sentences) if context else [sentence.text for sentence in sentences]
    encodings = tokenizer.encode_batch(texts)
    return [
        Window(number, tuple(part.ids), tuple(_words(part, places)))
        for number, (sentence, encoding) in enumerate(zip(sentences, encodings, strict=True))
        for places in [list(words_of(sentence.text))]
        for part in (encoding, *encoding.overflowing)
    ]


def _words(encoding: Encoding, places: Sequence[Place]) -> Iterator[Place | None]:
    """Yield the word of each token; tokens and words come in order, and a token may begin with the space before one.

    Tokens of the context, as special ones, are of no word.
    """
    number = 0
    for (start, end), text in zip(encoding.offsets, encoding.sequence_ids, strict=True):
        if text:
            yield None
            continue
        while number < len(places) and places[number][1] <= start:
            number += 1
        yield places[number] if number < len(places) and places[number][0] < end else None


def _with_context(tokenizer: Tokenizer, sentences: Sequence[Sentence]) -> list[str | tuple[str, str]]:
    room = (tokenizer.truncation or {})["max_length"] // 4
    return [(s.text, end) if (end := _end(tokenizer, s.context_before, room)) else s.text for s in sentences]


def _end(tokenizer: Tokenizer, text: str, n_tokens: int) -> str:
    """Return the end of a text, of about so many tokens at most."""
    text = text[-4 * n_tokens :].strip()
    encoding = tokenizer.encode(text, add_special_tokens=False)
    while encoding.overflowing:  # a script of several tokens a character, of which the first window is not the end
        text = text[len(text) // 2 :]
        encoding = tokenizer.encode(text, add_special_tokens=False)
    return text[encoding.offsets[-n_tokens][0] :] if len(encoding) > n_tokens else text


def bucketed(windows: Sequence[Window], size: int) -> list[list[int]]:
    """Group windows of like length, by index, so that little is padded."""
    order = sorted(range(len(windows)), key=lambda index: len(windows[index].ids))
    return [order[start : start + size] for start in range(0, len(order), size)]


def of_one_length(windows: Sequence[Window], most: int = BATCH) -> list[list[int]]:
    """Group windows of the same length, by index, the shortest first; a group has at most ``most`` tokens, or one."""
    by_length: dict[int, list[int]] = {}
    for index, window in enumerate(windows):
        by_length.setdefault(len(window.ids), []).append(index)
    return [
        rows[start : start + size]
        for length, rows in sorted(by_length.items())
        for size in [max(1, most // length)]
        for start in range(0, len(rows), size)
    ]


def stacked(windows: Sequence[Window]) -> Ids:
    """Return the ids of windows of one length; *shape:* ``(n_windows, n_tokens)``."""
    return np.array([window.ids for window in windows], dtype=np.int64)


def padded(windows: Sequence[Window], pad: int) -> tuple[Ids, Ids]:
    """Return ids and attention mask of some windows.

    *Shapes:* both ``(n_windows, n_tokens of the longest)``.
    """
    length = max(len(window.ids) for window in windows)
    ids = np.full((len(windows), length), pad, dtype=np.int64)
    mask = np.full((len(windows), length), MASK_PADDING, dtype=np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window.ids)] = window.ids
        mask[row, : len(window.ids)] = 1
    return ids, mask
