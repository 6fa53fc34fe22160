from collections.abc import Mapping

from annotate.annotation import Annotation, Answer, LabelledSpan, Scores
from annotate.scoring.people import judge
from annotate.scoring.profile import Evidence, profile
from annotate.scoring.report import render_report
from scoring.scored import make_schema, make_scores, make_span

SCHEMA = make_schema()
TEXT = "The regime will fall."
SCORES = make_scores(TEXT, {"Loaded term": 0.9, "Claim": 0.2}, (make_span(TEXT, "regime"),))


def answered(score: Scores, answers: Mapping[str, Answer], carries: Mapping[str, bool] | None = None) -> Evidence:
    annotation = Annotation(
        **dict(score.sentence), annotator="gold", answers=answers, carries=carries or {}, origin="manual"
    )
    return Evidence({score.uid: annotation})


def test_a_persons_answer_takes_the_place_of_the_models() -> None:
    evidence = answered(SCORES, {"terms": (), "claims": ("Claim",)})
    judged = judge(SCORES, evidence.people, SCHEMA)
    assert (judged.score.decided, judged.score.spans) == (("Claim",), ())
    assert judged.differs == {"Loaded term", "Claim"}
    summary = profile([SCORES], SCHEMA, evidence=evidence)
    assert (summary.n_by_people, summary.n_differing) == (1, 1)
    assert [(label.n_by_people, label.n_decided, label.n_spans) for label in summary.labels] == [
        (1, 0, 0),
        (1, 1, None),
    ]


def test_what_a_person_was_not_asked_stays_the_models() -> None:
    evidence = answered(SCORES, {"claims": ()})
    judged = judge(SCORES, evidence.people, SCHEMA)
    assert judged.by_people == {"Claim"}
    assert judged.score.decided == ("Loaded term",)
    assert judged.score.spans == SCORES.spans
    assert not judged.differs


def test_a_persons_spans_are_shown() -> None:
    span = LabelledSpan(start=16, end=20, label="Loaded term")
    judged = judge(SCORES, answered(SCORES, {"terms": (span,)}).people, SCHEMA)
    assert [(each.start, each.end, each.score) for each in judged.score.spans] == [(16, 20, 1.0)]


def test_a_label_known_to_be_absent_has_no_spans() -> None:
    judged = judge(SCORES, answered(SCORES, {}, {"Loaded term": False}).people, SCHEMA)
    assert (judged.score.spans, judged.score.decided) == ((), ())


def test_the_report_marks_what_people_said_and_where_they_differ() -> None:
    evidence = answered(SCORES, {"terms": (), "claims": ("Claim",)})
    html = render_report([(None, [SCORES])], SCHEMA, evidence)
    assert "Claim ✓" in html
    assert "labelled by a person; the model’s probability 20%" in html
    assert "people alone: Claim; the model alone: Loaded term (90%)" in html
    assert 'id="only-differing"' in html
    assert 'id="only-differing"' not in render_report([(None, [SCORES])], SCHEMA)
