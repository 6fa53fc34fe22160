"""When to stop: what more labels are expected to bring, beside what people reach among each other."""

from collections.abc import Mapping, Sequence

from annotate.models.learning_curve import LabelCurve, LearningCurve
from annotate.record import Record

MORE = 100
"""How many more labels the expected gain is of."""

_SMALL = 0.005  # of F1; a gain that no evaluation of a few hundred sentences can show


class Outlook(Record):
    """How good a label is learned from ``n_sentences``, and what more are expected to bring, in F1 over sentences.

    ``gain`` is that of another hundred labelled sentences, with its 95 % interval from ``low`` to ``high``; ``people``
    is what annotators reach among each other. ``None`` where that is not known.
    """

    label: str
    n_sentences: int
    f1: float
    gain: float | None
    low: float | None
    high: float | None
    people: float | None

    @property
    def is_done(self) -> bool:
        """Whether more labels are not expected to pay: at most they add next to nothing, or people do no better."""
        return (self.high is not None and self.high < _SMALL) or (self.people is not None and self.f1 >= self.people)

    @property
    def in_words(self) -> str:
        """The outlook in a line."""
        known = self.gain is not None
        gain = f"{self.gain:+.3f} ({self.low:+.3f} to {self.high:+.3f})" if known else "not known"
        people = "" if self.people is None else f"; people among each other {self.people:.2f}"
        return f"{self.label}: F1 {self.f1:.2f} with {self.n_sentences} sentences; another {MORE} labels {gain}{people}"


def outlooks(curve: LearningCurve, people: Mapping[str, float]) -> list[Outlook]:
    """Return the outlook of every label that has a learning curve."""
    return [_outlook(label, found, people.get(label)) for label, found in curve.labels.items()]


def _outlook(label: str, curve: LabelCurve, people: float | None) -> Outlook:
    gain = next((gain for gain in curve.gains if gain.more == MORE), None)
    low, expected, high = (None, None, None) if gain is None else (gain.low, gain.expected, gain.high)
    return Outlook(label=label, n_sentences=curve.n, f1=curve.f1, gain=expected, low=low, high=high, people=people)


def advice(found: Sequence[Outlook]) -> str:
    """Say in a line whether to go on."""
    if not found:
        return (
            "go on: the labels are too few for a learning curve that tells when to stop, or the model makes no mistake"
        )
    going = [outlook.label for outlook in found if not outlook.is_done]
    return f"go on: more labels pay for {', '.join(going)}" if going else "stop: more labels are not expected to pay"
