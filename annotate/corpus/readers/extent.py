"""About how much there is to read, without reading it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.corpus.readers.folder import files_of
from annotate.corpus.readers.sources import holds_records
from annotate.errors import SourceError

_LINES = (".jsonl", ".csv", ".tsv")
_LOOKED_AT = 1 << 18  # bytes, from whose lines the length of the others is guessed


class Extent(NamedTuple):
    """How many articles there are, and how many sentences in files of sentences: a guess where there are many."""

    articles: int = 0
    sentences: int = 0

    def in_sentences(self, n_articles: int, n_sentences: int) -> int:
        """Return how many sentences there are in all, if the rest is like those that were read."""
        of_articles = round(self.articles * n_sentences / n_articles) if n_articles and self.articles else 0
        return max(self.sentences + of_articles, n_sentences)


def extent_of(sources: Sequence[str]) -> Extent | None:
    """Return about how much there is in some sources; ``None`` where that cannot be told, as of addresses."""
    articles = sentences = 0
    for source in sources:
        try:
            files = list(_files(Path(source)))
        except (OSError, SourceError):
            return None
        for file in files:
            if file.suffix.lower() not in _LINES:
                articles += 1
            elif _holds_sentences(file):
                sentences += _n_lines(file)
            else:
                articles += _n_lines(file)
    return Extent(articles, sentences)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in files_of(path, lambda _: None) if isinstance(file, Path))
    elif path.is_file():
        yield path
    else:
        raise SourceError(f"{path}: its extent is not known")


def _holds_sentences(file: Path) -> bool:
    return file.suffix.lower() == ".jsonl" and holds_records(file)


def _n_lines(file: Path) -> int:
    with file.open("rb") as stream:
        start = stream.read(_LOOKED_AT)
    n_lines = start.count(b"\n") or 1
    size = file.stat().st_size
    return n_lines if size <= len(start) else round(size * n_lines / len(start))
