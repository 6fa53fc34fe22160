"""The text around a sentence, as people and models are shown it."""

from collections.abc import Sequence

LONGEST_CONTEXT = 300
"""How many code points the sentences around a sentence may take, beyond the nearest one."""


def contexts(texts: Sequence[str], paragraphs: Sequence[int], comments_at: int) -> tuple[list[str], list[str]]:
    """Return what stands before each sentence, and what stands after it.

    That is the nearest sentence, and those behind it while they stand in the sentence's own paragraph and are not too
    long. ``paragraphs`` are the sentences' paragraphs. The sentences from ``comments_at`` on, and those before, are
    no context for each other.
    """
    before, after = [], []
    edges = {0, comments_at, len(texts)}
    for at in range(len(texts)):
        before.append(" ".join(texts[_first(texts, paragraphs, at) : at]) if at not in edges else "")
        after.append(" ".join(texts[at + 1 : _end(texts, paragraphs, at)]) if at + 1 not in edges else "")
    return before, after


def _first(texts: Sequence[str], paragraphs: Sequence[int], at: int) -> int:
    first = at - 1
    length = len(texts[first])
    while first > 0 and paragraphs[first - 1] == paragraphs[at]:
        length += len(texts[first - 1])
        if length > LONGEST_CONTEXT:
            break
        first -= 1
    return first


def _end(texts: Sequence[str], paragraphs: Sequence[int], at: int) -> int:
    end = at + 2
    length = len(texts[at + 1])
    while end < len(texts) and paragraphs[end] == paragraphs[at]:
        length += len(texts[end])
        if length > LONGEST_CONTEXT:
            break
        end += 1
    return end
