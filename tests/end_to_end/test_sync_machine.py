"""Whatever happens between them, pushes lose and double nothing, and a pull of changes equals a whole one.

Hypothesis makes up sequences of what people, articles and faults do to a project on a real server, and a model in plain
Python says what must come of them.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotate.studio.entities import Task
from annotate.studio.push import PushOptions
from annotate.studio.tasks import Answered, to_pulled, to_task
from end_to_end.sync_world import Draft, World, claim
from end_to_end.user_shell import Annotator, choices

LABELS = ("Prediction", "Unsourced claim", "None of these")
FEW = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    phases=(Phase.generate,),  # to shrink takes longer than to read what failed
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Known:
    """What the model holds of one task: what was answered, by annotation, and whether it was begun or skipped."""

    answers: dict[int, str]
    is_begun: bool = False
    skips: int = 0

    @property
    def is_touched(self) -> bool:
        return bool(self.answers or self.is_begun or self.skips)


class Machine(RuleBasedStateMachine):
    """People, articles and faults around one project."""

    world: World
    annotator: Annotator
    tasks: dict[tuple[str, str], Task]

    @initialize()
    def begin(self) -> None:
        self.own = replace(self.world, title=f"machine {uuid.uuid4().hex[:20]}").settled()
        self.articles = [Draft("first", ["Rats came.", "Rats stayed."]), Draft("second", ["Mice left."])]
        self.number = 0
        self.there: dict[tuple[str, str], Known] = {}
        self.remembered: list[Answered] = []
        self.push(data=None)

    def one(self, data: st.DataObject | None) -> tuple[tuple[str, str], int]:
        """Draw a sentence that is there, and find its task."""
        assert data is not None
        key = data.draw(st.sampled_from(sorted(self.there)))
        return key, self.tasks[key].id

    @rule(data=st.data(), prune=st.booleans())
    def push(self, data: st.DataObject | None, prune: bool = False) -> None:
        self.own.push(*self.articles, options=PushOptions(prune=prune))
        wanted = {(one.article_id, one.uid) for article in self.articles for one in article.sentences}
        if prune:
            self.there = {key: known for key, known in self.there.items() if key in wanted or known.is_touched}
        self.there |= {key: Known({}) for key in wanted - self.there.keys()}
        found = [((task.data["article_id"], task.data["uid"]), task) for task in self.own.tasks()]
        assert sorted(key for key, _ in found) == sorted(self.there)
        self.tasks = dict(found)
        for article in self.articles:
            for one in article.sentences:
                assert self.tasks[one.article_id, one.uid].data == to_task(one, article.pair[0])

    @rule(data=st.data())
    def edit_an_article(self, data: st.DataObject) -> None:
        article = data.draw(st.sampled_from(self.articles))
        place = data.draw(st.integers(0, len(article.texts)))
        self.number += 1
        article.texts.insert(place, f"Something {self.number} happened.")

    @rule(data=st.data())
    def cut_a_sentence(self, data: st.DataObject) -> None:
        article = data.draw(st.sampled_from(self.articles))
        if len(article.texts) > 1:
            article.texts.pop(data.draw(st.integers(0, len(article.texts) - 1)))

    @rule(title=st.sampled_from(["Rats", "Mice"]))
    def rename_an_article(self, title: str) -> None:
        self.articles[0].title = title

    @rule(data=st.data(), label=st.sampled_from(LABELS))
    def answer(self, data: st.DataObject, label: str) -> None:
        key, task = self.one(data)
        self.there[key].answers[self.annotator.submit(task, choices(label))] = label

    @rule(data=st.data())
    def skip(self, data: st.DataObject) -> None:
        key, task = self.one(data)
        self.annotator.submit(task, was_cancelled=True)
        self.there[key].skips += 1

    @rule(data=st.data())
    def begin_to_answer(self, data: st.DataObject) -> None:
        key, task = self.one(data)
        self.annotator.ask("POST", f"tasks/{task}/drafts", {"result": claim("Prediction")})
        self.there[key].is_begun = True

    def answered(self) -> Iterator[tuple[Known, int]]:
        return ((known, number) for _, known in sorted(self.there.items()) for number in known.answers)

    @precondition(lambda self: any(self.answered()))
    @rule(data=st.data(), label=st.sampled_from(LABELS))
    def change_an_answer(self, data: st.DataObject, label: str) -> None:
        known, number = data.draw(st.sampled_from(list(self.answered())))
        self.annotator.ask("PATCH", f"annotations/{number}/", {"result": claim(label)})
        known.answers[number] = label

    @precondition(lambda self: any(self.answered()))
    @rule(data=st.data())
    def take_an_answer_back(self, data: st.DataObject) -> None:
        known, number = data.draw(st.sampled_from(list(self.answered())))
        self.annotator.ask("DELETE", f"annotations/{number}/")
        del known.answers[number]

    @rule(data=st.data())
    def double_a_task(self, data: st.DataObject) -> None:
        """As a push that was cut off may have done; the next one is to put it right."""
        key, _ = self.one(data)
        self.own.studio.import_tasks(self.own.project, [{"data": self.tasks[key].data}])
        self.push(data=None)

    @rule()
    def pull_what_has_changed(self) -> None:
        self.remembered = self.own.pull()(self.remembered)
        pulled = to_pulled(self.remembered)
        expected = [
            (*key, "None of these" if not one.answers["claims"] else one.answers["claims"][0])
            for one in pulled.annotations
            for key in [(one.article_id, one.uid)]
        ]
        assert sorted(expected) == sorted(
            (*key, label) for key, known in self.there.items() for label in known.answers.values()
        )
        assert pulled.n_skipped == sum(known.skips for known in self.there.values())

    def teardown(self) -> None:
        if hasattr(self, "own"):
            whole = to_pulled(self.own.pull()())
            assert to_pulled(self.own.pull()(self.remembered)) == whole


def test_any_sequence_of_pushes_edits_answers_and_faults_loses_and_doubles_nothing(
    world: World, annotator: Annotator
) -> None:
    machine = type("Machine", (Machine,), {"world": world, "annotator": annotator})
    run_state_machine_as_test(machine, settings=FEW)
