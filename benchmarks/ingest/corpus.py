"""A corpus of any size, made of the seed articles' paragraphs with variations."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"
_PARAGRAPHS = 20  # of an article, about as long as a seed
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\b[a-z]{4,}\b")
_REWORDED = 0.3  # of the longer words


def write_corpus(path: Path, n_articles: int, *, reworded: bool = False) -> None:
    """Write a table of articles (JSON Lines, packed with gzip); ``reworded``, most sentences are like no other."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        texts = _articles(n_articles)
        for number, text in enumerate(_reworded(texts) if reworded else texts, start=1):
            file.write(json.dumps({"id": number, "text": text}) + "\n")


def _articles(n: int) -> Iterator[str]:
    """Yield articles of random paragraphs in which every number is another, and one sentence is like no other."""
    paragraphs = [
        line.strip()
        for path in sorted(SEEDS.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    chance = random.Random(0)  # noqa: S311 - variation, not secrecy
    for number in range(1, n + 1):
        chosen = [
            _NUMBER.sub(lambda _: str(chance.randint(1, 9999)), p) for p in chance.choices(paragraphs, k=_PARAGRAPHS)
        ]
        yield "\n\n".join([f"The harbour plan, part {number}", *chosen, f"The council met {number} times this year."])


def _reworded(texts: Iterator[str]) -> Iterator[str]:
    """Put words of the seeds in the place of others, by chance."""
    words = _WORD.findall(" ".join(path.read_text("utf-8") for path in sorted(SEEDS.glob("*.txt"))))
    chance = random.Random(1)  # noqa: S311 - variation, not secrecy
    for text in texts:
        yield _WORD.sub(lambda found: chance.choice(words) if chance.random() < _REWORDED else found[0], text)
