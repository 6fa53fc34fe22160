"""Starter labels reach the package's own sentences by their offsets."""

from pathlib import Path
from typing import Any

import pytest

from annotate.annotation import Annotation, LabelledSpan
from annotate.article import Sentence, article_id, sentence_uid
from annotate.corpus.store import read_records
from annotate.errors import SourceError
from annotate.schema import LabelSchema
from seeds.starter import StarterLabels, StarterRow, starter_labels

TEXT = "He left. The rats won. It ends."
ROOT = Path(__file__).parents[1]


def sentence(start: int, end: int) -> Sentence:
    text, article = TEXT[start:end], article_id(TEXT)
    uid = sentence_uid(article, start, end, text)
    return Sentence(uid=uid, article_id=article, start=start, end=end, text=text, paragraph=1, section="body")


def row(start: int, end: int, **said: Any) -> StarterRow:
    fields = {"file": "a.txt", "paragraph": 1, "start": start, "end": end, "text": TEXT[start:end], "annotator": "A"}
    unsaid = {"furniture": False, "loaded": (), "unsourced": False, "prediction": False}
    return StarterRow.model_validate(fields | unsaid | said)


def labels(rows: list[StarterRow], *sentences: Sentence) -> StarterLabels:
    return starter_labels(rows, {"a.txt": sentences})


def test_labels_and_spans_are_those_of_the_stretch() -> None:
    loaded = [{"start": 4, "end": 8, "text": "rats"}]
    (found,) = labels([row(9, 22, loaded=loaded, unsourced=True)], sentence(9, 22)).annotations
    terms = (LabelledSpan(start=4, end=8, label="Loaded term"),)
    assert found.answers == {"terms": terms, "claims": ("Unsourced claim",)}
    assert (found.annotator, found.origin, found.lead_time) == ("model:starter-A", "draft", None)


def test_no_label_is_an_empty_answer() -> None:
    (found,) = labels([row(0, 8)], sentence(0, 8)).annotations
    assert found.answers == {"terms": (), "claims": ()}


def test_part_of_a_labelled_stretch_is_left_unanswered() -> None:
    loaded = [{"start": 13, "end": 17, "text": "rats"}]
    found = labels([row(0, 22, loaded=loaded, unsourced=True)], sentence(0, 8), sentence(9, 22))
    assert [set(annotation.answers) for annotation in found.annotations] == [{"terms"}, {"terms"}]
    assert [len(annotation.answers["terms"]) for annotation in found.annotations] == [0, 1]
    assert found.counts["choices unanswered"] == 2


def test_part_of_a_stretch_without_labels_has_none() -> None:
    found = labels([row(0, 22)], sentence(0, 8), sentence(9, 22))
    assert [annotation.answers["claims"] for annotation in found.annotations] == [(), ()]


def test_a_sentence_over_several_stretches_has_the_labels_of_each() -> None:
    (found,) = labels([row(0, 8, prediction=True), row(9, 22, unsourced=True)], sentence(0, 22)).annotations
    assert found.answers["claims"] == ("Unsourced claim", "Prediction")


def test_a_span_across_the_edge_of_a_sentence_is_cut_there() -> None:
    loaded = [{"start": 3, "end": 17, "text": TEXT[3:17]}]
    found = labels([row(0, 22, loaded=loaded)], sentence(0, 8), sentence(9, 22))
    spans = [span for annotation in found.annotations for span in annotation.answers["terms"]]
    assert [(span.start, span.end) for span in spans if isinstance(span, LabelledSpan)] == [(3, 8), (0, 8)]
    assert found.counts["spans clipped"] == 2


def test_what_an_annotator_took_for_furniture_is_skipped() -> None:
    found = labels([row(0, 8, furniture=True), row(9, 22)], sentence(0, 8), sentence(9, 22))
    assert [annotation.text for annotation in found.annotations] == ["The rats won."]
    assert found.counts["sentences skipped"] == 1


def test_another_text_than_the_labelled_one_is_refused() -> None:
    with pytest.raises(SourceError, match="not the text that was labelled"):
        labels([row(0, 8, text="He slept")], sentence(0, 8))
    with pytest.raises(SourceError, match="sentences are not given"):
        starter_labels([row(0, 8)], {})


def test_the_labels_in_the_repository_answer_the_questions_of_the_labeling_configuration() -> None:
    schema = LabelSchema.read(ROOT / "labeling_config.xml")
    for annotation in read_records(ROOT / "seeds" / "labels.jsonl", Annotation):
        assert annotation.origin == "draft"
        assert set(annotation.answers) <= {question.name for question in schema.questions}
