"""How far spans agree: ends that are the same, ends that overlap, and lengths in common."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from annotate.quality.agreement.coefficients import summed
from annotate.quality.agreement.panel import Flags, Marks, Panel
from annotate.quality.bootstrap import Floats, ratio

Places = Sequence[tuple[int, int]]


def matched(marks: Marks, answered: Flags, panel: Panel) -> Floats:
    """Count, over all pairs of annotators, the spans that match and all that there are.

    *Shape:* (articles, 3): pairs of spans with both ends the same, pairs that only overlap, and the spans of both.
    """
    spans: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for sentence, annotator, start, end in zip(*(column.tolist() for column in marks), strict=True):
        spans[sentence][annotator].append((start, end))
    counts = np.zeros((len(panel.articles), 3))
    for sentence, of in spans.items():
        who = np.flatnonzero(answered[sentence]).tolist()
        row = counts[panel.article[sentence]]
        for place, one in enumerate(who):
            for other in who[place + 1 :]:
                row += match(of.get(one, ()), of.get(other, ()))
    return counts


def match(one: Places, other: Places) -> tuple[int, int, int]:
    """Match the spans of two annotators, each with one of the other's at most, from the left.

    Both are in order and without overlaps of their own, so a span that has its equal overlaps nothing else.
    Return the pairs of equals, the pairs that only overlap, and the spans of both.
    """
    exact, partial, i, j = 0, 0, 0, 0
    while i < len(one) and j < len(other):
        a, b = one[i], other[j]
        if a == b:
            exact += 1
        elif a[0] < b[1] and b[0] < a[1]:
            partial += 1
        else:
            i, j = (i + 1, j) if a[1] <= b[0] else (i, j + 1)
            continue
        i, j = i + 1, j + 1
    return exact, partial, len(one) + len(other)


def exact_f1(counts: Floats) -> Floats:
    """Return the F1 between annotators when both ends must be the same. *Shape:* from (…, 3) to (…)."""
    return ratio(2 * counts[..., 0], counts[..., 2])


def partial_f1(counts: Floats) -> Floats:
    """Return the F1 between annotators when an overlap counts half. *Shape:* from (…, 3) to (…).

    As in SemEval-2013 task 9 (Segura-Bedmar et al., 2013), and as nervaluate has it.
    """
    return ratio(2 * counts[..., 0] + counts[..., 1], counts[..., 2])


def lengths(marks: Marks, answered: Flags, panel: Panel) -> Floats:
    """Measure how far the units and gaps of all pairs of annotators coincide, in code points, by article.

    *Shape:* (articles, 5): of gap with gap, gap with unit (in either order), unit with unit; and what a gap and a unit
    would have in common with themselves: the lengths of gaps, and the squared lengths of units. Sentences that fewer
    than two annotators answered have no part in it.
    """
    n_answers = answered.sum(axis=1)
    edges = np.zeros(panel.offsets[-1] + 1, dtype=np.int64)
    np.add.at(edges, panel.offsets[marks.sentence] + marks.start, 1)
    np.add.at(edges, panel.offsets[marks.sentence] + marks.end, -1)
    sentence = np.repeat(np.arange(len(n_answers)), np.diff(panel.offsets))
    marking, of = np.cumsum(edges)[:-1], n_answers[sentence]
    pairable, sentence = of > 1, sentence[of > 1]
    inside, of = marking[pairable].astype(np.float64), of[pairable].astype(np.float64)
    outside = of - inside
    cells = [outside * (outside - 1) / (of - 1), 2 * inside * outside / (of - 1), inside * (inside - 1) / (of - 1)]
    by_article = summed(np.stack([*cells, outside], axis=1), panel.article[sentence], len(panel.articles))
    kept = n_answers[marks.sentence] > 1
    squares = ((marks.end - marks.start)[kept, None] ** 2).astype(np.float64)
    own = summed(squares, panel.article[marks.sentence[kept]], len(panel.articles))
    return np.concatenate([by_article, own], axis=1)


def unitizing_alpha(measured: Floats) -> Floats:
    """Return Krippendorff's alpha for unitizing of ``lengths``, *Shape:* from (…, 5) to (…).

    Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the reliability of unitizing textual continua: further
    developments, Quality & Quantity 50; the coefficient for one value and gaps, with sentences that not everybody
    answered weighted as alpha weighs units with answers missing. By chance, a gap may be cut anywhere and a unit
    stays whole.
    """
    gaps, mixed, units, gap_own, unit_own = np.moveaxis(measured, -1, 0)
    total = gaps + mixed + units
    in_gaps, in_units = gaps + mixed / 2, units + mixed / 2
    expected = ratio(2 * in_gaps * in_units, total - ratio(gap_own + unit_own, total))
    return 1 - ratio(mixed, expected)
