"""Anchoring of a known strength is found, and none where there is none."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import Annotation
from annotate.quality.anchoring import Anchoring, anchoring
from annotate.quality.anchoring_words import findings
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Prediction"
ONE_QUESTION = """<View><Text name="s" value="$sentence"/>
<Choices name="claims" toName="s" choice="multiple"><Choice value="Prediction"/></Choices></View>"""
SCHEMA = LabelSchema.parse(ONE_QUESTION)


def simulated(make: Make, pull: float, seed: int, n: int = 240, n_articles: int = 30) -> Anchoring:
    """Let two annotators label sentences, every other one blind.

    An annotator's own answer is "given" in 3 of 10, the model's in 5 of 10; where it is shown, an annotator takes it
    over, whatever their own answer, with probability ``pull``.
    """
    random = np.random.default_rng(seed)
    annotations, suggestions = [], dict[str, Annotation]()
    for number in range(n):
        suggested, shown = bool(random.random() < 0.5), number % 2 == 0
        for annotator in ("user:1", "user:2"):
            taken = shown and random.random() < pull
            said = suggested if taken else bool(random.random() < 0.3)
            each = make(f"Sentence {number}.", {"claims": (LABEL,) * said}, annotator, article=str(number % n_articles))
            origin = "manual" if not shown else "prediction" if said == suggested else "prediction-changed"
            change = {"origin": origin, "shown": "m" if shown else None, "blind": not shown}
            annotations.append(each.model_copy(update=change | {"lead_time": 4.0 if shown else 9.0}))
        suggestions[each.uid] = make(each.text, {"claims": (LABEL,) * suggested}, "model:m")
    return anchoring(annotations, SCHEMA, suggestions)


@pytest.mark.parametrize("pull", [0.0, 0.3, 0.8])
def test_its_strength_is_recovered_within_its_interval(annotation: Make, pull: float) -> None:
    inside = {"pull": 0, "rate": 0}
    for seed in range(20):
        (label,) = simulated(annotation, pull, seed).labels
        assert label.pull is not None
        # Shown, "given" has pull × .5 + (1 - pull) × .3 of the answers; blind it has .3.
        for name, figure, truth in (("pull", label.pull, pull), ("rate", label.rate.difference, pull * 0.2)):
            assert figure.low is not None
            assert figure.high is not None
            inside[name] += figure.low <= truth <= figure.high
    assert min(inside.values()) >= 16  # of 20 at .95, fewer have a chance of 3 in 1,000


def test_inflated_agreement_is_found(annotation: Make) -> None:
    (label,) = simulated(annotation, 0.8, seed=0).labels
    # Blind, two agree with .3² + .7²; shown, both take the suggestion over in .64 of the cases, and so on.
    assert label.agreement.blind == pytest.approx(0.58, abs=0.1)
    assert label.agreement.difference.low is not None
    assert label.agreement.difference.low > 0.1


def test_what_it_means_is_said(annotation: Make) -> None:
    pulled = " ".join(findings(simulated(annotation, 0.8, seed=0)))
    assert "seeing it pulls answers to it; of the answers that would differ from the model it moves" in pulled
    assert "agreement is inflated; trust that of blind sentences" in pulled
    assert "4.0 s with a suggestion and 9.0 s without: suggestions save time" in pulled
    free = " ".join(findings(simulated(annotation, 0.0, seed=1)))
    assert "no pull can be shown" in free
    assert "no inflation of agreement can be shown" in free


def test_few_answers_are_said_to_be_too_few(annotation: Make) -> None:
    assert "too few to say (18 with a suggestion, 18 without)" in " ".join(
        findings(simulated(annotation, 0.5, 0, n=18))
    )


def answered(make: Make, number: int, **change: object) -> Annotation:
    each = make(f"Sentence {number}.", {"claims": (LABEL,) * (number % 2)}, article=str(number))
    return each.model_copy(update=change)


def test_shares_are_those_worked_out_by_hand(annotation: Make) -> None:
    shown = [answered(annotation, n, shown="m", origin=o) for n, o in enumerate(["prediction", "prediction-changed"])]
    also = answered(annotation, 3, shown="m", origin="prediction", lead_time=5.0)
    blind = [answered(annotation, 4, blind=True, lead_time=9.0), answered(annotation, 5, blind=True)]
    before = answered(annotation, 7)  # labelled before there were suggestions, and no part of the comparison
    found = anchoring([*shown, also, *blind, before], SCHEMA)
    assert found.accepted.value == pytest.approx(2 / 3)
    assert (found.lead_time.shown, found.lead_time.blind, found.lead_time.difference.value) == (5.0, 9.0, -4.0)
    (label,) = found.labels
    assert (label.rate.n_shown, label.rate.n_blind, label.rate.blind) == (3, 2, 0.5)
    assert label.rate.shown == pytest.approx(2 / 3)
    assert label.agreement.shown is None
    assert label.followed is None


def test_without_drawn_sentences_the_comparison_is_qualified(annotation: Make) -> None:
    found = anchoring([answered(annotation, 1, shown="m"), answered(annotation, 2)], SCHEMA)
    assert (found.labels[0].rate.n_blind, found.by_chance) == (1, False)
    assert any("may be something else" in line for line in findings(found))
    nothing = anchoring([answered(annotation, 1)], SCHEMA)
    assert findings(nothing) == ["No annotator was shown a suggestion: there is nothing to compare."]
