"""Three public corpora as labelled sentences, and as the vectors of a frozen encoder, computed once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import gettempdir

import numpy as np
import numpy.typing as npt
import torch
from sklearn.decomposition import PCA

from annotate.annotation import Annotation
from annotate.datasets.babe import read_babe
from annotate.datasets.polnear import read_polnear
from annotate.datasets.ptc import read_ptc
from annotate.datasets.records import Target, find_target, without_repetitions
from annotate.learning.base import load_base
from annotate.models.tokenization import bucketed, padded, to_windows
from annotate.quality.adjudication import gold
from annotate.quality.tallies import marked_words
from annotate.schema import LabelSchema
from annotate.words import words_of

_SCHEMA = LabelSchema.parse(
    '<View><Text name="sentence" value="$sentence"/>'
    '<Labels name="terms" toName="sentence"><Label value="Loaded term"/></Labels>'
    '<Choices name="claims" toName="sentence" choice="multiple"><Choice value="Unsourced claim"/></Choices></View>'
)
_READERS = {
    "BABE": (read_babe, "babe/babe_train_dev.csv", "Loaded term"),
    "PTC": (read_ptc, "ptc", "Loaded term"),
    "PolNeAR": (read_polnear, "polnear/data", "Unsourced claim"),
}
CORPORA = tuple(_READERS)
MOST = 9000  # sentences of a corpus, of articles drawn by chance, so that words fit into memory
_WIDTH = 128  # of the vectors that are learned from
_BATCH = 32

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Corpus:
    """Sentences with one label, as vectors.

    ``article`` numbers the article of each sentence, ``carries`` tells whether it has the label. Of a label that marks
    stretches, ``words`` and ``marked`` are about each word, and those of sentence ``i`` are
    ``first_word[i]:first_word[i + 1]``; of any other label there are none.
    """

    name: str
    texts: Sequence[str]
    article: npt.NDArray[np.intp]
    sentences: Floats
    carries: Bools
    words: Floats
    marked: Bools
    first_word: npt.NDArray[np.intp]

    @property
    def has_spans(self) -> bool:
        """Whether the label marks stretches of a sentence."""
        return len(self.words) > 0

    def part(self, rows: npt.NDArray[np.intp] | None = None, *, with_words: bool) -> "Corpus":
        """Return some of the sentences without their words, or all of them, with their words or without."""
        if with_words:
            return self
        taken = slice(None) if rows is None else rows
        return replace(
            self,
            texts=(),
            article=self.article[taken],
            sentences=self.sentences[taken],
            carries=self.carries[taken],
            words=self.words[:0],
        )


def load(name: str, data: Path) -> Corpus:
    """Read a corpus and compute its vectors, or take them from the temporary folder."""
    kept = Path(gettempdir()) / "annot-active" / f"{name}.npz"
    if kept.is_file():
        with np.load(kept) as arrays:
            found = {key: arrays[key] for key in arrays.files}
        return Corpus(name=name, texts=found.pop("texts").tolist(), **found)
    corpus = _embedded(name, list(_sentences(name, data)))
    kept.parent.mkdir(parents=True, exist_ok=True)
    arrays = {key: value for key, value in vars(corpus).items() if key not in ("name", "texts")}
    np.savez(kept, texts=np.array(corpus.texts), **arrays)
    return corpus


def _sentences(name: str, data: Path) -> Iterator[Annotation]:
    """Yield one answer a sentence, of articles in an order drawn by chance, until there are enough."""
    read, path, label = _READERS[name]
    target: Target = find_target(_SCHEMA, label)
    found = gold(without_repetitions(read(data / path, target, Counter()), Counter()), _SCHEMA)
    known = [each for each in found if each.says(*target) is not None]
    if target.question.kind == "spans":  # without the places there are no words to learn from
        known = [each for each in known if target.question.name in each.answers]
    articles = sorted({each.article_id for each in known})
    order = np.random.default_rng(0).permutation(len(articles))
    rank = {article: int(place) for article, place in zip(articles, order, strict=True)}
    yield from sorted(known, key=lambda each: rank[each.article_id])[:MOST]


def _embedded(name: str, sentences: Sequence[Annotation]) -> Corpus:
    target = find_target(_SCHEMA, _READERS[name][2])
    with_words = target.question.kind == "spans"
    numbers = {article: number for number, article in enumerate(dict.fromkeys(s.article_id for s in sentences))}
    marked, first = [], [0]
    if with_words:
        for each in sentences:
            mine = marked_words(each.text, each.answers[target.question.name], target.label)
            marked += [place in mine for place in words_of(each.text)]
            first.append(len(marked))
    vectors, words = _vectors(sentences, with_words=with_words)
    return Corpus(
        name=name,
        texts=[each.text for each in sentences],
        article=np.array([numbers[each.article_id] for each in sentences]),
        sentences=_reduced(vectors),
        carries=np.array([bool(each.says(*target)) for each in sentences]),
        words=_reduced(words) if with_words else words,
        marked=np.array(marked, dtype=np.bool_),
        first_word=np.array(first),
    )


def _vectors(sentences: Sequence[Annotation], *, with_words: bool) -> tuple[Floats, Floats]:
    """Return the mean vector of each sentence's tokens, and of each word's."""
    base = load_base("all-MiniLM-L6-v2")
    base.encoder.eval()
    windows = to_windows(base.tokenizer, sentences)
    width = base.encoder.config.hidden_size
    row_of = {
        (number, place): row
        for row, (number, place) in enumerate(
            (number, place) for number, each in enumerate(sentences) for place in words_of(each.text)
        )
    }
    of_sentences, n_windows = np.zeros((len(sentences), width), np.float32), np.zeros(len(sentences), np.float32)
    of_words, n_tokens = np.zeros((len(row_of), width), np.float32), np.zeros(len(row_of), np.float32)
    for rows in bucketed(windows, _BATCH):
        batch = [windows[row] for row in rows]
        ids, mask = (torch.from_numpy(each) for each in padded(batch, base.pad_id))
        with torch.inference_mode():
            hidden = base.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.numpy()
        for window, tokens in zip(batch, hidden, strict=True):
            of_sentences[window.sentence] += tokens[: len(window.ids)].mean(axis=0)
            n_windows[window.sentence] += 1
            for word, token in zip(window.words, tokens, strict=False):  # what follows the last token is padding
                if with_words and word is not None:
                    of_words[row_of[window.sentence, word]] += token
                    n_tokens[row_of[window.sentence, word]] += 1
    means = (of_sentences / n_windows[:, None]).astype(np.float32)
    words = of_words / np.maximum(n_tokens, 1)[:, None] if with_words else np.zeros((0, width))
    return means, words.astype(np.float32)


def _reduced(vectors: Floats) -> Floats:
    # The labels have no part in it, so nothing of what is judged reaches what is learned.
    reduced: Floats = PCA(_WIDTH, random_state=0).fit_transform(vectors).astype(np.float32)
    return reduced
