"""What more labels would bring."""

from collections.abc import Mapping

from annotate.record import Record


class Point(Record):
    """The AUC of a linear model learned from ``n`` sentences: its mean and standard deviation over repetitions."""

    n: int
    auc: float
    spread: float


class Gain(Record):
    """By how much F1 is expected to rise with so many ``more`` labelled sentences, with a 95 % interval."""

    more: int
    low: float
    expected: float
    high: float


class LabelCurve(Record):
    """The network's F1 of a label with ``n`` sentences, a linear model's AUC with fewer, and gains of F1 with more."""

    n: int
    f1: float
    points: tuple[Point, ...]
    gains: tuple[Gain, ...]


class LearningCurve(Record):
    """Curves by label; a label of which too little is known has none."""

    labels: Mapping[str, LabelCurve]
