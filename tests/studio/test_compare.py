"""What a push finds, on tasks made by hand; that it does it is tested on a real server."""

from collections.abc import Callable
from typing import Any

import pytest

from annotate.article import Article, Sentence
from annotate.studio.compare import Place, compare, surplus
from annotate.studio.entities import Task
from annotate.studio.push import PushOptions
from annotate.studio.tasks import to_task

Make = Callable[..., Sentence]


def there(number: int, sentence: Sentence, n_submitted: int = 0, overlap: int = 1, **data: Any) -> Task:
    return Task(number, to_task(sentence, None) | data, n_submitted, 0, overlap, "")


@pytest.fixture
def three(sentence: Make) -> list[Sentence]:
    return [sentence(text, start) for start, text in ((0, "One."), (5, "Two."), (10, "Three."))]


def test_what_is_not_there_is_new_and_what_left_its_article_is_gone(three: list[Sentence], sentence: Make) -> None:
    other = sentence("Elsewhere.", article="b")
    tasks = [there(1, three[0]), there(2, three[1]), there(3, other)]
    found = compare(PushOptions().wanted([(None, three[1:])]), tasks)
    assert found.new == [three[2].uid]
    assert found.gone == [Place(1, three[0].uid)]
    assert found.summary == "1 new, 1 unchanged, 0 edited, 1 gone"


def test_other_context_is_an_edit_that_keeps_what_else_the_task_holds(three: list[Sentence]) -> None:
    changed = three[0].model_copy(update={"context_before": "Before."})
    found = compare(PushOptions().wanted([(None, [changed])]), [there(1, three[0], blind=True, mine=7)])
    assert found.edited == {1: to_task(changed, None) | {"blind": True, "mine": 7}}
    assert (found.n_unchanged, found.new) == (0, [])


def test_what_is_not_known_of_the_article_is_no_edit(three: list[Sentence]) -> None:
    article = Article(id="a", title="Rats", outlet="The Gazette", text="")
    tasks = [Task(1, to_task(three[0], article), 0, 0, 1, "")]
    assert compare(PushOptions().wanted([(None, three[:1])]), tasks).edited == {}
    renamed = article.model_copy(update={"title": "More rats"})
    assert compare(PushOptions().wanted([(renamed, three[:1])]), tasks).edited[1]["title"] == "More rats"


def test_a_comment_that_is_left_out_is_neither_new_nor_gone(three: list[Sentence]) -> None:
    comment = three[0].model_copy(update={"section": "comment"})
    articles = [(None, [comment, *three[1:]])]
    assert compare(PushOptions().wanted(articles), []).new == [three[1].uid, three[2].uid]
    assert compare(PushOptions().wanted(articles), [there(1, comment)]).gone == []
    assert len(compare(PushOptions(comments=True).wanted(articles), []).new) == 3


def test_sentences_drawn_for_two_people_are_widened_once(three: list[Sentence]) -> None:
    tasks = [there(1, three[0]), there(2, three[1], n_submitted=2), there(3, three[2], overlap=2)]
    found = compare(PushOptions(overlap=1).wanted([(None, three)]), tasks)
    assert found.to_widen == {1: False, 2: True}
    assert compare(PushOptions().wanted([(None, three)]), tasks).to_widen == {}


def test_a_task_of_somebody_elses_is_only_counted(three: list[Sentence]) -> None:
    foreign = Task(1, {"text": "Theirs."}, 0, 0, 1, "")
    found = compare(PushOptions().wanted([(None, three)]), [foreign])
    assert (found.n_there, found.gone, found.edited, len(found.new)) == (1, [], {}, 3)


@pytest.mark.parametrize(
    ("touched", "untouched", "deleted"),
    [
        (set(), {1, 2, 3}, {2, 3}),  # the oldest stays
        ({2}, {1, 3}, {1, 3}),  # what was answered stays
        ({1, 2}, {3}, {3}),  # and all of it
        (set(), {3}, set()),  # the others went meanwhile, so this one is needed
        (set(), set(), set()),
    ],
)
def test_of_doubled_tasks_those_go_that_nobody_needs(touched: set[int], untouched: set[int], deleted: set[int]) -> None:
    places = [Place(number, "u") for number in (1, 2, 3)]
    assert surplus(places, touched, untouched) == deleted
