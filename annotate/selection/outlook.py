"""When to stop: what more labels are expected to bring, beside what people reach among each other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from annotate.record import Record

MORE = 100
"""How many more labels the expected gain is of."""

_SMALL = 0.005  # of F1; a gain that no evaluation of a few hundred sentences can show


class Point(NamedTuple):
    """What was reached with how many labelled sentences: F1 by label."""

    n: int
    f1: Mapping[str, float]


class Outlook(Record):
    """How good a label is learned, and what more labels are expected to bring, in F1 over sentences.

    ``gain`` is that of another hundred labelled sentences, ``people`` what annotators reach among each other; ``None``
    where that is not known.
    """

    label: str
    n_sentences: int
    f1: float
    gain: float | None
    people: float | None

    @property
    def is_done(self) -> bool:
        """Whether more labels are not expected to pay: they add next to nothing, or the model is as good as people."""
        return (self.gain is not None and self.gain < _SMALL) or (self.people is not None and self.f1 >= self.people)

    @property
    def in_words(self) -> str:
        """The outlook in a line."""
        gain = "gain not known yet" if self.gain is None else f"another {MORE} labels {self.gain:+.3f}"
        people = "" if self.people is None else f"; people among each other {self.people:.2f}"
        return f"{self.label}: F1 {self.f1:.2f} with {self.n_sentences} sentences; {gain}{people}"


def outlooks(points: Sequence[Point], people: Mapping[str, float]) -> list[Outlook]:
    """Return the outlook of every label by its learning curve, whose last point is the present."""
    if not points:
        return []
    now = max(points, key=lambda point: point.n)
    return [
        Outlook(
            label=label,
            n_sentences=now.n,
            f1=f1,
            gain=expected_gain([(point.n, point.f1[label]) for point in points if label in point.f1]),
            people=people.get(label),
        )
        for label, f1 in now.f1.items()
    ]


def expected_gain(curve: Sequence[tuple[int, float]], more: int = MORE) -> float | None:
    """Return by how much a figure is expected to rise with so many more labels; ``None`` by fewer than two sizes.

    The figure is taken to rise with the logarithm of the number of labels, by least squares, and never to fall.
    """
    sizes = np.log([max(n, 1) for n, _ in curve])
    if len(set(sizes.tolist())) < 2:  # noqa: PLR2004 - a line needs two
        return None
    slope = float(np.polyfit(sizes, [figure for _, figure in curve], 1)[0])
    last = max(n for n, _ in curve)
    return max(0.0, slope * float(np.log((last + more) / last)))


def advice(found: Sequence[Outlook]) -> str:
    """Say in a line whether to go on."""
    if not found:
        return "whether more labels pay is told after a training that was measured"
    waiting = [outlook.label for outlook in found if outlook.gain is None and not outlook.is_done]
    if waiting:
        return f"whether more labels pay is told by a learning curve: train again with more labels ({waiting[0]})"
    going = [outlook.label for outlook in found if not outlook.is_done]
    return f"go on: more labels pay for {', '.join(going)}" if going else "stop: more labels are not expected to pay"
