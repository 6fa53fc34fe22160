"""BABE as sentences with labels, and as the vectors of a frozen encoder."""

import ast
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sklearn.decomposition import PCA

from annotate.annotation import Annotation, LabelledSpan
from annotate.article import article_id, sentence_uid
from annotate.learning.base import load_base
from annotate.models.tokenization import bucketed, padded, to_windows
from annotate.schema import LabelSchema
from annotate.words import Place, words_of

SCHEMA = LabelSchema.parse(
    '<View><Text name="sentence" value="$sentence"/>'
    '<Labels name="terms" toName="sentence"><Label value="Loaded term"/></Labels>'
    '<Choices name="claims" toName="sentence" choice="multiple"><Choice value="Biased"/></Choices></View>'
)
_BATCH = 32
_WIDTH = 128  # of the vectors that are learned from


@dataclass(frozen=True)
class Vectors:
    """What the encoder makes of the sentences, and of their words.

    *Shapes:* ``sentences`` ``(n_sentences, width)``, ``words`` ``(n_words, width)``; ``places[i]`` is the sentence and
    the place of word ``i``.
    """

    sentences: npt.NDArray[np.float32]
    words: npt.NDArray[np.float32]
    places: Sequence[tuple[int, Place]]


def read_babe(path: Path) -> list[Annotation]:
    """Read BABE's sentences with their expert labels; an article is what one link leads to."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_annotation(row) for row in csv.DictReader(file)]


def embed(sentences: Sequence[Annotation]) -> Vectors:
    """Return the mean vector of each sentence's tokens, and of each word's, by their first principal components."""
    base = load_base("all-MiniLM-L6-v2")
    base.encoder.eval()
    windows = to_windows(base.tokenizer, sentences)
    of_sentences: dict[int, list[npt.NDArray[np.float32]]] = {}
    of_words: dict[tuple[int, Place], list[npt.NDArray[np.float32]]] = {}
    for rows in bucketed(windows, _BATCH):
        batch = [windows[row] for row in rows]
        ids, mask = (torch.from_numpy(each) for each in padded(batch, base.pad_id))
        with torch.inference_mode():
            hidden = base.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.numpy()
        for window, vectors in zip(batch, hidden, strict=True):
            of_sentences.setdefault(window.sentence, []).append(vectors[: len(window.ids)].mean(axis=0))
            for word, vector in zip(window.words, vectors, strict=False):  # what follows the last token is padding
                if word is not None:
                    of_words.setdefault((window.sentence, word), []).append(vector)
    places = [(number, word) for number, sentence in enumerate(sentences) for word in words_of(sentence.text)]
    return Vectors(
        _reduced(np.stack([np.mean(of_sentences[number], axis=0) for number in range(len(sentences))])),
        _reduced(np.stack([np.mean(of_words[place], axis=0) for place in places])),
        places,
    )


def _reduced(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    # The labels have no part in it, so nothing of a fold reaches the others.
    reduced: npt.NDArray[np.float32] = PCA(_WIDTH, random_state=0).fit_transform(vectors)
    return reduced


def _annotation(row: dict[str, str]) -> Annotation:
    text, article = row["text"].strip(), article_id(row["news_link"])
    return Annotation(
        uid=sentence_uid(article, 0, len(text), text),
        article_id=article,
        start=0,
        end=len(text),
        text=text,
        paragraph=1,
        section="body",
        annotator="gold",
        answers={
            "claims": ("Biased",) if row["label"] == "1" else (),
            "terms": tuple(_terms(text, row["biased_words"])),
        },
        origin="manual",
    )


def _terms(text: str, listed: str) -> Iterator[LabelledSpan]:
    """Yield the words of a sentence that its list of biased words names, wherever they stand."""
    phrases = [phrase.strip() for phrase in (ast.literal_eval(listed) if listed.startswith("[") else [])]
    patterns = [re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE) for phrase in phrases if phrase]
    marked = {index for pattern in patterns for found in pattern.finditer(text) for index in range(*found.span())}
    for start, end in words_of(text):
        if not marked.isdisjoint(range(start, end)):
            yield LabelledSpan(start=start, end=end, label="Loaded term")
