"""The report of agreement: every question by its kind, what is left out, and what is not defined and why."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from sklearn.metrics import cohen_kappa_score, f1_score

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.quality.agreement.measure import Parts, measure
from annotate.quality.agreement.panel import Panel
from annotate.quality.agreement.report import AgreementReport, LabelAgreement
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]
Said = Sequence[Mapping[str, Answer]]

YES: Mapping[str, Answer] = {"claims": ("Prediction",)}
NO: Mapping[str, Answer] = {"claims": ()}
UNASKED: Mapping[str, Answer] = {}


def report_of(make: Make, schema: LabelSchema, *sentences: Said, parts: Sequence[Parts] = ()) -> AgreementReport:
    """Measure what annotators say of sentences, each of an article of its own."""
    given = [
        make(f"Sentence {number}.", answers, f"user:{person}", article=f"a{number}")
        for number, said in enumerate(sentences)
        for person, answers in enumerate(said)
    ]
    return measure(Panel(given), schema, parts, drafts=False)


def prediction(report: AgreementReport) -> LabelAgreement:
    return next(figures for q in report.questions for figures in q.labels if figures.label == "Prediction")


def test_sentences_with_a_single_answer_are_counted_and_left_out(annotation: Make, schema: LabelSchema) -> None:
    report = report_of(annotation, schema, [YES, YES], [NO, NO], [YES, UNASKED], [UNASKED, UNASKED])
    claims = report.questions[1]
    assert (claims.n_sentences, claims.n_left_out) == (2, 1)
    assert (prediction(report).n_units, prediction(report).alpha.value) == (2, 1.0)


@pytest.mark.parametrize(
    ("sentences", "why"),
    [
        ([[NO, NO], [NO, NO]], "all answers are the same"),
        ([[YES], [NO]], "one annotator"),
        ([[YES, UNASKED], [UNASKED, NO]], "no unit has two answers"),
    ],
)
def test_an_undefined_alpha_says_why(
    annotation: Make, schema: LabelSchema, sentences: Sequence[Said], why: str
) -> None:
    alpha = prediction(report_of(annotation, schema, *sentences)).alpha
    assert (alpha.value, alpha.low, alpha.undefined) == (None, None, why)


def test_pairs_and_annotators_are_as_scikit_learn_has_them(annotation: Make, schema: LabelSchema) -> None:
    votes = [[1, 1, 0], [0, 1, 0], [1, 1, 1], [0, 0, 0], [1, 0, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0]]
    found = prediction(report_of(annotation, schema, *([YES if vote else NO for vote in said] for said in votes)))
    columns = list(zip(*votes, strict=True))
    kappas = {pair.annotators: pair.kappa.value for pair in found.pairs}
    assert kappas["user:0", "user:1"] == pytest.approx(cohen_kappa_score(columns[0], columns[1]))
    assert kappas["user:1", "user:2"] == pytest.approx(cohen_kappa_score(columns[1], columns[2]))
    # The others of the first are two; where they differ there is no majority, and the sentence is left out.
    agreed = [said for said in votes if said[1] == said[2]]
    first = found.annotators[0]
    assert first.n_units == len(agreed) == 5
    assert first.f1.value == pytest.approx(f1_score([s[1] for s in agreed], [s[0] for s in agreed]))


def test_an_interval_holds_its_figure_and_one_article_has_none(annotation: Make, schema: LabelSchema) -> None:
    said = [[YES, YES], [NO, NO], [YES, NO], [NO, NO], [YES, YES]] * 4
    alpha = prediction(report_of(annotation, schema, *said)).alpha
    assert alpha.low is not None
    assert alpha.high is not None
    assert alpha.low < (alpha.value or 0) < alpha.high
    one = [annotation(f"{n}.", answers, f"user:{p}") for n, s in enumerate(said) for p, answers in enumerate(s)]
    alone = prediction(measure(Panel(one), schema, [], drafts=False)).alpha
    assert (alone.value, alone.low, alone.high) == (alpha.value, None, None)


def test_a_single_choice_is_measured_as_a_whole_and_by_label(annotation: Make) -> None:
    choices = "".join(f'<Choice value="{name}"/>' for name in ("Angry", "Amused", "None"))
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">{choices}</Choices></View>'
    said: list[Said] = [[{"tone": ("Angry",)}] * 2, [{"tone": ("Amused",)}, {"tone": ()}], [{"tone": ()}] * 2]
    (tone,) = report_of(annotation, LabelSchema.parse(xml), *said).questions
    assert [figures.label for figures in tone.labels] == [None, "Angry", "Amused"]
    # Of six answers 2, 1 and 3 are the same: 1 - 5 * 2 / (36 - 14).
    assert tone.labels[0].alpha.value == pytest.approx(1 - 5 * 2 / 22)
    assert tone.labels[1].alpha.value == 1.0


def test_parts_are_measured_apart(annotation: Make, schema: LabelSchema) -> None:
    said: list[Said] = [[YES, YES], [NO, NO], [YES, NO], [NO, YES], [YES, YES]]
    parts = Parts("outlet", ["Herald", "Herald", "Post", "Post", None])
    found = prediction(report_of(annotation, schema, *said, parts=[parts])).parts
    assert [(part.name, part.n_units, part.alpha.value) for part in found if part.by == "outlet"] == [
        ("Herald", 2, 1.0),
        ("Post", 2, pytest.approx(-0.5)),
    ]


def test_articles_are_measured_apart(annotation: Make, schema: LabelSchema) -> None:
    votes = [(YES, YES, "b"), (NO, NO, "b"), (YES, NO, "a"), (NO, YES, "a"), (NO, NO, "c")]
    given = [
        annotation(f"{number}.", answers, f"user:{person}", article=article)
        for number, (*said, article) in enumerate(votes)
        for person, answers in enumerate(said)
    ]
    found = prediction(measure(Panel(given), schema, [], drafts=False)).parts
    assert [(part.name, part.n_units, part.alpha.value) for part in found] == [
        ("b", 2, 1.0),
        ("a", 2, pytest.approx(-0.5)),
        ("c", 1, None),
    ]


def test_the_most_disputed_come_first_with_what_each_said(annotation: Make, schema: LabelSchema, span: Marks) -> None:
    text = "The brutal regime."
    marked: Mapping[str, Answer] = {"terms": (span(text, "brutal"), span(text, "regime")), "claims": ()}
    given = [annotation(text, marked, "user:10"), annotation(text, {"terms": (), "claims": ("Prediction",)}, "user:9")]
    given += [annotation("Calm.", {"terms": (), **NO}, f"user:{n}") for n in (9, 10)]
    given += [
        annotation("Maybe.", {"terms": (), "claims": answer}, f"user:{n}")
        for n, answer in ((9, ()), (10, ("Prediction",)))
    ]
    found = measure(Panel(given), schema, [], drafts=False).disputed
    assert [(each.text, each.disagreement) for each in found] == [(text, 1.0), ("Maybe.", 0.5)]
    assert found[0].answers == {
        "user:9": {"terms": "nothing marked", "claims": "Prediction"},
        "user:10": {"terms": "Loaded term “brutal”, “regime”", "claims": "None of these"},
    }
