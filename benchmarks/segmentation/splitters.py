"""Splitters, each as a function from a text to the offsets at which its sentences end, white space aside."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from annotate.corpus.paragraphs import split_paragraphs
from annotate.corpus.segmentation import read_article
from annotate.corpus.sentences import Rules, sentence_rules, sentence_spans, simplify
from annotate.corpus.store import to_lines

Splitter = Callable[[str], Iterable[int]]

PEERS = ("pysbd", "nupunkt", "syntok", "spacy")
OURS = "annot"


def splitters() -> Mapping[str, Splitter]:
    """Return our splitter, sentencex as it is, and those of the peers that are installed."""
    made: dict[str, Splitter] = {OURS: partial(_annot, sentence_rules("en")), "sentencex": _sentencex()}
    for name in PEERS:
        if installed(name):
            made[name] = {"pysbd": _pysbd, "nupunkt": _nupunkt, "syntok": _syntok, "spacy": _spacy}[name]()
    return made


def installed(name: str) -> str | None:
    """Return a package's version, or ``None``."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def pipeline(text: str) -> int:
    """Do what ``annot ingest`` does to a text: furniture, sentences, quotations, contexts, uids, lines of JSON."""
    return sum(len(line) for line in to_lines(read_article(text).sentences))


def ends_of(splitter: Splitter, text: str) -> set[int]:
    """Return where sentences end inside a text: at its very end every splitter is right."""
    return {len(text[:end].rstrip()) for end in splitter(text)} - {0, len(text.rstrip())}


def _annot(rules: Rules, text: str) -> Iterator[int]:
    simplified = simplify(text, rules)
    for paragraph in split_paragraphs(text):
        spans = sentence_spans(paragraph.text, simplified[paragraph.start : paragraph.end], rules)
        yield from (paragraph.start + end for _, end in spans)


def _sentencex() -> Splitter:
    from sentencex import get_sentence_boundaries

    return lambda text: [boundary["end_index"] for boundary in get_sentence_boundaries("en", text)]


def _pysbd() -> Splitter:
    from pysbd import Segmenter

    segmenter = Segmenter(language="en", clean=False, char_span=True)
    return lambda text: [span.end for span in segmenter.segment(text)]


def _nupunkt() -> Splitter:
    from nupunkt import sent_spans

    return lambda text: [end for _, end in sent_spans(text)]


def _syntok() -> Splitter:
    from syntok.segmenter import analyze

    return lambda text: [
        sentence[-1].offset + len(sentence[-1].value) for paragraph in analyze(text) for sentence in paragraph
    ]


def _spacy() -> Splitter:
    from spacy import blank

    nlp = blank("en")
    nlp.add_pipe("sentencizer")
    return lambda text: [sentence.end_char for sentence in nlp(text).sents]
