"""The starter labels of the seed articles as a gold standard for furniture and sentence boundaries."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from annotate.article import Article, Sentence
from annotate.corpus.segmentation import read_article
from annotate.corpus.store import read_records
from seeds.starter import StarterRow

_MAJORITY = 2


class Seed(NamedTuple):
    """A seed article as it is read, and which of its stretches the labels call furniture and running text."""

    article: Article
    sentences: tuple[Sentence, ...]
    furniture: set[tuple[int, int]]
    running: set[tuple[int, int]]

    def dropped(self) -> set[tuple[int, int]]:
        """Return the stretches of which furniture covers more than half."""
        covered = {at for piece in self.article.furniture for at in range(piece.start, piece.end)}
        stretches = self.furniture | self.running
        return {(a, b) for a, b in stretches if 2 * len(covered.intersection(range(a, b))) > b - a}

    def ends(self) -> tuple[set[int], set[int]]:
        """Return where sentences end, and where they should."""
        return {sentence.end for sentence in self.sentences}, {end for _, end in self.running}

    def ends_without_bullets(self) -> tuple[set[int], set[int]]:
        """Return the same without ends inside a stretch that starts with a bullet.

        There the labels' own splitter took several sentences for one, as their README says.
        """
        found, wanted = self.ends()
        bullets = [(a, b) for a, b in self.running if self.article.text[a] == "•"]
        return {end for end in found if not any(a < end < b for a, b in bullets)}, wanted

    def paragraphs(self) -> Iterator[tuple[str, set[int]]]:
        """Yield the lines of running text without furniture, and where sentences end inside them."""
        text = self.article.text
        lines: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for start, end in sorted(self.running):
            lines[text.count("\n", 0, start)].append((start, end))
        for stretches in lines.values():
            first, last = stretches[0][0], stretches[-1][1]
            yield text[first:last], {end - first for _, end in stretches[:-1]}


def seeds(folder: Path, labels: Path) -> list[Seed]:
    """Read the seed articles of a folder, and what most annotators say of their stretches."""
    votes: dict[str, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for row in read_records(labels, StarterRow):
        votes[row.file][row.start, row.end] += row.furniture
    made = []
    for path in sorted(folder.glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            article, sentences = dict(read_article(file.read())).values()
        furniture = {stretch for stretch, count in votes[path.name].items() if count >= _MAJORITY}
        made.append(Seed(article, sentences, furniture, set(votes[path.name]) - furniture))
    return made
