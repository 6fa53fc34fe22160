"""How firmly a sentence says that something will happen, on published scales of words of probability.

The steps and their ranges are those of Intelligence Community Directive 203, "Analytic Standards" (2015), which follows
Kent, "Words of Estimative Probability" (1964). Neither has a step for what is merely said to be possible: that one is
the "realistic possibility" of the probability yardstick of the United Kingdom's Professional Head of Intelligence
Assessment. Which words stand for a step beside those that the scales name is our choice; we also take a sentence
without any such word as certain.
"""

import re
from collections.abc import Iterator

from annotate.annotation import Probability
from annotate.record import Record


class Strength(Record):
    """How firmly something is put: a step of the scale, and the probability that stands for it.

    ``probability`` is the middle of the step's range from ``low`` to ``high``, or the number that the text itself gives
    (``stated``). It is that of what the sentence says: "unlikely to win" says that somebody does not win, and that this
    is likely. ``expression`` are the words that it was read from, ``None`` where a sentence says it plainly.
    """

    step: str
    probability: Probability
    low: Probability
    high: Probability
    expression: str | None = None

    @property
    def said(self) -> str:
        """The words that it was read from, in quotation marks."""
        return f"“{self.expression}”" if self.expression else "plainly"


CERTAIN = Strength(step="almost certain", probability=0.97, low=0.95, high=0.99)
VERY_LIKELY = Strength(step="very likely", probability=0.875, low=0.80, high=0.95)
LIKELY = Strength(step="likely", probability=0.675, low=0.55, high=0.80)
EVEN = Strength(step="even chance", probability=0.5, low=0.45, high=0.55)
POSSIBLE = Strength(step="possible", probability=0.45, low=0.40, high=0.50)
SCALE = (CERTAIN, VERY_LIKELY, LIKELY, EVEN, POSSIBLE)
STATED = "stated"

# Where two match at one place the upper one counts. The ranges mirror each other around a half, so what is said to be
# unlikely is as firmly denied as what is said to be likely is claimed. "May" in capitals is a month.
_WORDS = (
    (POSSIBLE, r"(?:not|never|far from|hardly) (?:\w+ )?(?:certain|sure|assured|inevitable|guaranteed|bound)"),
    (CERTAIN, r"(?:almost|nearly|virtually|all but) (?:certain(?:ly)?|inevitabl[ey]|impossible|no chance)"),
    (CERTAIN, r"no chance|impossible|remote (?:chance|possibility)|cannot possibly"),
    (VERY_LIKELY, r"(?:very|highly|extremely|most|quite) (?:un)?likely|(?:very|highly|most) (?:im)?prob(?:able|ably)"),
    (VERY_LIKELY, r"in all (?:likelihood|probability)|(?:little|slim|slight) chance|(?:highly|very) doubtful"),
    (LIKELY, r"(?:un)?likely|(?:im)?probab(?:le|ly)|presumably|doubtful|(?:is|are|was|were|be|been) (?:not )?expected"),
    (LIKELY, r"expects?|anticipate[sd]?|should|poised to|set to|on (?:course|track) to|tends? to|seems? to"),
    (EVEN, r"(?:even|fifty-fifty|50-50|50/50) (?:chance|odds)|toss-?up|as likely as not"),
    (POSSIBLE, r"could|(?-i:may)(?:be)?|might(?! of)|perhaps(?! most)|possibl[ey]|possibility|conceivabl[ey]"),
    (POSSIBLE, r"potential(?:ly)?"),
    (CERTAIN, r"certain(?:ly)?|sure(?:ly)?|definitely|undoubtedly|no doubt|inevitabl[ey]|bound to|guaranteed"),
)
_EXPRESSION = re.compile(r"\b(?:" + "|".join(f"({words})" for _, words in _WORDS) + r")\b", re.IGNORECASE)
_NUMBER = r"(\d{1,3}(?:\.\d+)?) ?(?:%|per ?cent)"
_CHANCE = r"(?:chance|probability|likelihood|odds)"
_IN_NUMBERS = re.compile(rf"{_NUMBER} {_CHANCE}|{_CHANCE} (?:of|at|is|as) (?:\w+ ){{0,3}}{_NUMBER}", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:if|unless|provided that|in case|as long as)\b", re.IGNORECASE)


def find_strength(text: str) -> Strength:
    """Return how firmly an English sentence puts what it says.

    A number counts before any word. Of several words the weakest counts: "will probably" is probable.
    """
    stated = next(_stated(text), None)
    if stated is not None:
        return stated
    found = [
        _WORDS[(match.lastindex or 0) - 1][0].model_copy(update={"expression": match[0]})
        for match in _EXPRESSION.finditer(text)
    ]
    return min(found, key=lambda strength: strength.probability, default=CERTAIN)


def is_conditional(text: str) -> bool:
    """Tell whether an English sentence makes what it says depend on something that may not come."""
    return _CONDITION.search(text) is not None


def _stated(text: str) -> Iterator[Strength]:
    for match in _IN_NUMBERS.finditer(text):
        percent = float(match[1] or match[2])
        if percent <= 100:  # noqa: PLR2004 - of a percentage
            value = percent / 100
            yield Strength(step=STATED, probability=value, low=value, high=value, expression=match[0])
