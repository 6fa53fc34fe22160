"""What a corpus says of its one label becomes an answer only where the question asks for nothing else."""

from collections import Counter

import pytest
from corpora import PREDICTION, SHIPPED, TERM

from annotate.annotation import Annotation, LabelledSpan, check_carries
from annotate.datasets.records import GOLD, Annotator, Said, Target, annotated, find_target, lone_sentence
from annotate.datasets.records import without_repetitions as unrepeated
from annotate.errors import ConfigError
from annotate.schema import LabelSchema

VIEW = '<View><Text name="s" value="$sentence"/>{}</View>'
BIASED = '<Choices name="bias" toName="s"{}><Choice value="Biased"/>{}<Choice value="None"/></Choices>'


def target(tags: str, label: str = "Biased") -> Target:
    return find_target(LabelSchema.parse(VIEW.format(tags)), label)


def test_a_label_beside_others_leaves_its_question_unanswered() -> None:
    assert PREDICTION.sentence(carries=True) == Said({}, {"Prediction": True})
    assert PREDICTION.sentence(carries=False) == Said({}, {"Prediction": False})


def test_a_label_that_is_all_its_question_asks_for_answers_it() -> None:
    alone = target(BIASED.format(' choice="multiple"', ""))
    assert alone.sentence(carries=True) == Said({"bias": ("Biased",)}, {})
    assert alone.sentence(carries=False) == Said({"bias": ()}, {})
    assert alone.spans([(0, 2)]) == Said({"bias": ("Biased",)}, {})


def test_a_label_that_excludes_none_alone_answers_its_question() -> None:
    alone = target(BIASED.format("", ""))
    assert alone.sentence(carries=True) == Said({"bias": ("Biased",)}, {})
    assert alone.sentence(carries=False) == Said({"bias": ()}, {})


def test_a_label_that_excludes_others_is_refused_in_one_line() -> None:
    message = (
        "'Biased' excludes the other labels of 'bias', .* choice=\"multiple\", or ask 'Biased' in a question of its"
    )
    with pytest.raises(ConfigError, match=message) as refused:
        target(BIASED.format("", '<Choice value="Dull"/>'))
    assert "\n" not in str(refused.value)


def test_a_label_beside_others_that_it_does_not_exclude_is_carried() -> None:
    one_of_two = target(BIASED.format(' choice="multiple"', '<Choice value="Dull"/>'))
    assert one_of_two.sentence(carries=True) == Said({}, {"Biased": True})
    assert one_of_two.sentence(carries=False) == Said({}, {"Biased": False})


def test_a_span_label_of_unknown_place_is_of_the_sentence() -> None:
    assert TERM.sentence(carries=True) == Said({}, {"Loaded term": True})
    assert TERM.spans([(0, 2)]) == Said({"terms": (LabelledSpan(start=0, end=2, label="Loaded term"),)}, {})
    assert TERM.spans([]) == Said({"terms": ()}, {})


def test_spans_of_one_label_do_not_answer_for_another() -> None:
    two = target('<Labels name="t" toName="s"><Label value="Biased"/><Label value="Euphemism"/></Labels>')
    assert two.spans([(0, 2)]) == Said({}, {"Biased": True})


def test_a_label_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ConfigError, match="no label 'Bias'; name one with --label: 'Loaded term', 'Unsourced claim'"):
        find_target(SHIPPED, "Bias")


def test_a_sentence_has_the_same_uid_whatever_stands_around_it() -> None:
    sentence, padded = lone_sentence("The rats won.", "a"), lone_sentence(" The rats won.\n", "a")
    assert sentence == padded
    assert sentence.uid != lone_sentence("The rats won.", "b").uid


def test_repetitions_are_written_once_and_contradictions_not_at_all() -> None:
    same, other = lone_sentence("It ends.", "a"), lone_sentence("It goes on.", "a")
    yes, no = TERM.sentence(carries=True), TERM.sentence(carries=False)
    said = [annotated(same, GOLD, yes), annotated(same, GOLD, yes), annotated(other, GOLD, yes)]
    counts: Counter[str] = Counter()
    kept = unrepeated([*said, annotated(other, GOLD, no), annotated(other, Annotator("user:x-1"), no)], counts)
    assert [(record.text, record.annotator) for record in kept] == [("It ends.", "gold"), ("It goes on.", "user:x-1")]
    assert counts["repetitions left out"] == 2
    assert counts["sentences left out whose repetitions contradict each other"] == 1


def test_says_is_the_answer_or_else_what_the_sentence_carries() -> None:
    sentence = lone_sentence("The rats won.", "a")
    marked = annotated(sentence, GOLD, TERM.spans([(4, 8)]))
    assert [marked.says(*TERM), marked.says(*PREDICTION)] == [True, None]
    assert annotated(sentence, GOLD, TERM.spans([])).says(*TERM) is False
    assert annotated(sentence, GOLD, PREDICTION.sentence(carries=False)).says(*PREDICTION) is False


def test_a_label_that_no_question_has_is_not_carried() -> None:
    annotation = annotated(lone_sentence("It ends.", "a"), GOLD, Said({}, {"Bias": True}))
    with pytest.raises(ConfigError, match="no question has the label 'Bias'"):
        check_carries(annotation, SHIPPED)


def test_an_answer_counts_more_than_what_is_carried() -> None:
    annotation = annotated(lone_sentence("It ends.", "a"), GOLD, Said({"claims": ()}, {"Prediction": True}))
    claims = SHIPPED.question_of("Prediction")
    assert claims is not None
    assert annotation.says(claims, "Prediction") is False
    assert annotation.says(SHIPPED.span_questions[0], "Loaded term") is None


def test_an_annotation_without_carries_is_still_read() -> None:
    annotation = annotated(lone_sentence("It ends.", "a"), GOLD, TERM.spans([]))
    old = annotation.model_dump_json(exclude={"carries"})
    assert Annotation.model_validate_json(old, strict=True) == annotation
