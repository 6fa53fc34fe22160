"""PTC (Da San Martino et al., 2020): articles with the stretches in which a technique of propaganda is used.

From https://propaganda.qcri.org/ptc/ (SemEval-2020 task 11); no licence is stated. Offsets are code points of the text
as it is, and the corpus has one sentence a line. Its lines are kept as its sentences: published figures for sentences
are figures for lines, and labels should not change with this package's splitter.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.corpus.paragraphs import visible
from annotate.corpus.segmentation import read_lines
from annotate.datasets.alignment import joined
from annotate.datasets.files import check_exists, read_table_text, read_text
from annotate.datasets.records import GOLD, Target, annotated
from annotate.errors import SourceError
from annotate.words import Place

LOADED_LANGUAGE = "Loaded_Language"
_ARTICLES = "-articles"
_TASK = "task-flc-tc"
_AGAIN = "download it again, as a binary file"


class _Article(NamedTuple):
    """An article's text file, and the stretches that are marked in it, by technique."""

    path: Path
    marked: Mapping[str, Sequence[Place]]


def read_ptc(
    path: Path, target: Target, counts: Counter[str], techniques: Collection[str] = (LOADED_LANGUAGE,)
) -> Iterator[Annotation]:
    """Yield the sentences of every article, with the label where one of the techniques is used.

    ``path`` is the corpus's folder. A stretch over several sentences is cut at their edges.

    Raises:
        SourceError: It is not, a file is broken, or no stretch has one of the techniques.
    """
    articles = list(_articles(path, counts))
    known = {technique for article in articles for technique in article.marked}
    for technique in techniques:
        if technique not in known:
            there = ", ".join(sorted(known)) or "none at all"
            raise SourceError(f"{path}: no stretch has technique '{technique}'; there are {there}")
    for article in articles:
        text = read_text(article.path)
        places = [place for technique in techniques for place in article.marked.get(technique, ())]
        if "\n" in text and text.count("\r\n") == text.count("\n"):
            raise SourceError(
                f"{article.path}: its line ends were rewritten, so that no label lies where it was; {_AGAIN}"
            )
        if any(end > len(text) for _, end in places):
            raise SourceError(f"{article.path}: shorter than its labels say; {_AGAIN}")
        for sentence in read_lines(text).sentences:
            section = "headline" if sentence.paragraph == 1 else "body"
            said = target.spans(_inside(sentence, places, counts))
            yield annotated(sentence.model_copy(update={"section": section}), GOLD, said)


def _inside(sentence: Sentence, places: Sequence[Place], counts: Counter[str]) -> list[Place]:
    """Return what of the places lies in a sentence, counted from its start, without white space at the edges."""
    parts: list[Place] = []
    for start, end in places:
        first, last = max(start, sentence.start), min(end, sentence.end)
        if first < last and (part := visible(sentence.text, first - sentence.start, last - sentence.start)):
            counts["stretches, or parts of them"] += 1
            counts["parts cut at the edge of a sentence"] += last - first < end - start
            parts.append(part)
    return list(joined(sentence.text, sorted(parts)))


def _articles(path: Path, counts: Counter[str]) -> Iterator[_Article]:
    check_exists(path)
    folders = sorted(folder for folder in path.glob(f"*{_ARTICLES}") if folder.is_dir())
    if not folders:
        raise SourceError(f"{path}: no folder of articles in it; name the folder that holds 'train{_ARTICLES}'")
    for folder in folders:
        texts = {text.stem: text for text in sorted(folder.glob("article*.txt"))}
        marked = _marked(path, folder.name.removesuffix(_ARTICLES), texts, counts)
        counts["articles left out that come without labels"] += len(texts) - len(marked)
        yield from (_Article(text, marked[name]) for name, text in texts.items() if name in marked)


def _marked(path: Path, split: str, articles: Iterable[str], counts: Counter[str]) -> dict[str, dict[str, list[Place]]]:
    """Return the stretches of a split by article and technique; an article that is not in it was not labelled.

    The corpus has one file of labels for each article and one for all, in which nothing tells of an article that was
    read and in which nothing was marked.
    """
    folder, single = path / f"{split}-labels-{_TASK}", path / f"{split}-{_TASK}.labels"
    files = sorted(folder.glob(f"*.{_TASK}.labels")) or [file for file in (single,) if file.is_file()]
    labelled = {file.name.split(".")[0] for file in files} if folder.is_dir() else set(articles if files else ())
    marked: dict[str, dict[str, list[Place]]] = {name: {} for name in articles if name in labelled}
    for file in files:
        for number, line in enumerate(read_table_text(file).splitlines(), start=1):
            article, technique, place = _parsed(line, f"{file}, line {number}")
            if article in marked:
                marked[article].setdefault(technique, []).append(place)
            else:
                counts["stretches left out whose article is not there"] += 1
    return marked


def _parsed(line: str, place: str) -> tuple[str, str, Place]:
    match line.split("\t"):
        case [article, technique, start, end] if start.isdecimal() and end.isdecimal() and int(start) < int(end):
            return f"article{article}", technique, (int(start), int(end))
    raise SourceError(f"{place}: not an article, a technique, a start and an end; name the labels of task FLC or TC")
