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


def write_corpus(path: Path, n_articles: int) -> None:
    """Write a table of articles (JSON Lines, packed with gzip)."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for number, text in enumerate(_articles(n_articles), start=1):
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
