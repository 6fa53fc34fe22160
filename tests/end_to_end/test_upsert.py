"""A push brings a project to where it should be, whatever it finds there; a pull brings back exactly what is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from annotate.errors import ConfigError, StudioError
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.draw import is_drawn
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.project import open_project
from annotate.studio.pull import Pull, find_answered_project
from annotate.studio.push import PushOptions
from annotate.studio.tasks import to_pulled, to_stamp, to_task
from end_to_end.sync_world import INSTRUCTION, Draft, World, claim, many, suggest
from end_to_end.user_shell import Annotator, Shell, choices

THREE = ["Rats came.", "Rats stayed.", "Rats left."]


def three() -> Draft:
    return Draft("rats", list(THREE))


def test_a_dry_run_prints_the_difference_and_sends_nothing(shell: Shell, annotator: Annotator) -> None:
    path = shell.workspace / "a.txt"
    path.write_text("\n".join(THREE), "utf-8")
    assert shell.done("push", "--dry-run", "--lines", path) == "3 new, 0 unchanged, 0 edited, 0 gone\n"
    assert annotator.title not in [each["title"] for each in annotator.ask("GET", "projects?page_size=100")["results"]]
    shell.done("push", "--lines", path)
    (shell.workspace / "codebook.md").write_text("# Be fair", "utf-8")
    path.write_text("\n".join(THREE[:2]), "utf-8")
    before = annotator.project
    assert shell.done("push", "--dry-run", "--lines", path) == "0 new, 1 unchanged, 1 edited, 1 gone\n"
    assert annotator.project == before


def test_other_context_and_title_reach_the_task_and_answers_stay(world: World, annotator: Annotator) -> None:
    article = three()
    world.push(article)
    annotator.submit(world.by_text()[THREE[1]].id, choices("Prediction"))
    article.title = "More rats"
    assert world.push(article).summary == "0 new, 0 unchanged, 3 edited, 0 gone"
    assert {task.data["title"] for task in world.tasks()} == {"More rats"}
    assert world.pulled() == [(THREE[1], ("Prediction",))]
    assert world.push(article).summary == "0 new, 3 unchanged, 0 edited, 0 gone"


def test_what_left_its_article_is_deleted_only_if_nobody_touched_it(world: World, annotator: Annotator) -> None:
    article = many(5)
    answered, begun, skipped = article.texts[:3]
    world.push(article)
    tasks = world.by_text()
    annotator.submit(tasks[answered].id, choices("Prediction"))
    annotator.submit(tasks[skipped].id, was_cancelled=True)
    annotator.ask("POST", f"tasks/{tasks[begun].id}/drafts", {"result": claim("Prediction")})
    article.texts = ["Something else altogether."]
    assert world.push(article).summary == "1 new, 0 unchanged, 0 edited, 5 gone"
    pruned = world.push(article, options=PushOptions(prune=True))
    assert pruned.summary == "0 new, 1 unchanged, 0 edited, 5 gone, 2 deleted"
    assert set(world.by_text()) == {answered, begun, skipped, article.texts[0]}


def test_readers_comments_are_pushed_only_when_asked_for(world: World) -> None:
    comment = Draft("rats", ["I like rats."], section="comment")
    assert world.push(comment).summary == "0 new, 0 unchanged, 0 edited, 0 gone"
    assert world.push(comment, options=PushOptions(comments=True)).summary.startswith("1 new")
    assert world.push(comment).summary == "0 new, 0 unchanged, 0 edited, 0 gone"


def test_a_refresh_replaces_what_nobody_answered_and_leaves_the_rest(world: World, annotator: Annotator) -> None:
    article = many(4)
    world.push(article, options=PushOptions(PreAnnotator("v1", suggest)))
    answered = world.by_text()[article.texts[0]].id
    annotator.submit(answered, choices("Prediction"))
    refreshed = world.push(article, options=PushOptions(PreAnnotator("v2", suggest), refresh=True))
    assert refreshed.n_refreshed == 3
    made = world.studio.predictions(world.project)
    assert {task: [version for version, _ in each] for task, each in made.items()} == {
        task.id: ["v1" if task.id == answered else "v2"] for task in world.tasks()
    }
    assert world.project.shown_version == "v2"
    assert [(one.shown, one.origin) for one in to_pulled(world.pull()()).annotations] == [("v1", "manual")]
    assert world.push(article, options=PushOptions(PreAnnotator("v2", suggest), refresh=True)).n_refreshed == 0


def test_weak_suggestions_stay_away_and_go_when_the_bar_is_raised(world: World) -> None:
    short, long = "Rats.", "Rats came in large numbers, and they stayed."
    article = Draft("rats", [short, long])

    def suggested(min_score: float, *, refresh: bool = False) -> set[str]:
        world.push(article, options=PushOptions(PreAnnotator("v1", suggest, min_score), refresh=refresh))
        made = world.studio.predictions(world.project)
        return {task.data["sentence"] for task in world.tasks() if task.id in made}

    assert suggested(0.5) == {long}
    assert suggested(0, refresh=True) == {short, long}
    assert suggested(0.5, refresh=True) == {long}


def test_the_first_model_reaches_sentences_that_were_pushed_before_there_was_one(world: World) -> None:
    world.push(three())
    assert world.push(three(), options=PushOptions(PreAnnotator("v1", suggest))).n_refreshed == 3
    assert world.push(three(), options=PushOptions(PreAnnotator("v1", suggest))).n_refreshed == 0


def test_blind_sentences_get_no_suggestion_then_or_later_and_say_so(world: World, annotator: Annotator) -> None:
    article = many(40)
    blind = {one.text for one in article.sentences if is_drawn(one.uid, "blind", 0.3)}
    world.push(article, options=PushOptions(PreAnnotator("v1", suggest), blind=0.3))
    world.push(article, options=PushOptions(PreAnnotator("v2", suggest), refresh=True))
    made = world.studio.predictions(world.project)
    tasks = world.by_text()
    assert {text for text, task in tasks.items() if task.id not in made} == blind
    assert 0 < len(blind) < 40
    seen = next(text for text in article.texts if text not in blind)
    for text in (min(blind), seen):
        annotator.submit(tasks[text].id, choices("Prediction"))
    pulled = {one.text: (one.blind, one.shown) for one in to_pulled(world.pull()()).annotations}
    assert pulled == {min(blind): (True, None), seen: (False, "v2")}


def test_sentences_drawn_for_two_people_are_not_done_after_one(world: World, annotator: Annotator) -> None:
    article = many(30)
    world.push(article)
    drawn = {one.text for one in article.sentences if is_drawn(one.uid, "overlap", 0.2)}
    early, other = min(drawn), next(text for text in article.texts if text not in drawn)
    for text in (early, other):
        annotator.submit(world.by_text()[text].id, choices("Prediction"))
    article.texts.append("This one is new.")
    world.push(article, options=PushOptions(overlap=0.2))
    assert {text for text, task in world.by_text().items() if task.overlap == 2} - {"This one is new."} == drawn
    is_done = {task["data"]["sentence"]: task["is_labeled"] for task in annotator.tasks()}
    assert (is_done[early], is_done[other]) == (False, True)


def test_doubled_tasks_are_put_right_and_answers_stay(world: World, annotator: Annotator) -> None:
    article = three()
    world.push(article)
    world.studio.import_tasks(world.project, [{"data": to_task(one, article.pair[0])} for one in article.sentences])
    answered = world.by_text()[THREE[2]].id
    annotator.submit(answered, choices("Prediction"))
    assert world.push(article).summary == "0 new, 3 unchanged, 0 edited, 0 gone, 3 doubles deleted"
    assert len(world.tasks()) == 3
    assert world.by_text()[THREE[2]].id == answered


def test_pushes_from_several_machines_at_once_end_as_one(world: World, annotator: Annotator) -> None:
    article = many(300)

    def push(_: int) -> None:
        with Studio(annotator.url, annotator.token) as studio:
            replace(world, studio=studio).push(article)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(push, range(3)))
    found = [task.data["uid"] for task in world.tasks()]
    listed = annotator.ask("GET", "projects?page_size=100")["results"]
    assert [each["title"] for each in listed].count(world.title) == 1
    assert sorted(found) == sorted(one.uid for one in article.sentences)


def test_a_pull_counts_skips_by_annotator_and_drafts(shell: Shell, world: World, annotator: Annotator) -> None:
    world.push(three())
    first, second, third = (world.by_text()[text].id for text in THREE)
    annotator.submit(first, choices("Prediction"))
    annotator.submit(second, was_cancelled=True)
    annotator.ask("POST", f"tasks/{third}/drafts", {"result": claim("Prediction")})
    assert shell.done("pull").startswith("1 annotation, 1 skipped, 1 draft: ")
    assert list(to_pulled(world.pull()()).skipped.values()) == [1]


def test_a_pull_of_what_changed_equals_a_whole_one(world: World, annotator: Annotator) -> None:
    world.push(three())
    tasks = [world.by_text()[text].id for text in THREE]
    made = [annotator.submit(task, choices("Prediction")) for task in tasks]
    known = world.pull()()
    annotator.ask("DELETE", f"annotations/{made[0]}/")
    annotator.ask("PATCH", f"annotations/{made[1]}/", {"result": claim("None of these")})
    changed = world.pull()(known)
    assert sorted(changed, key=lambda one: one.task) == world.pull()()
    assert world.pulled() == [(THREE[1], ()), (THREE[2], ("Prediction",))]
    world.studio.delete_tasks(world.project, [tasks[2]])
    assert world.pull()(changed) == world.pull()()


@pytest.mark.parametrize("shift", [timedelta(days=1), timedelta(days=-1)], ids=["ahead", "behind"])
def test_a_clock_that_jumped_hides_nothing_from_a_pull(world: World, annotator: Annotator, shift: timedelta) -> None:
    world.push(three())
    number = annotator.submit(world.by_text()[THREE[0]].id, choices("Prediction"))
    known = world.pull()()
    annotator.ask("PATCH", f"annotations/{number}/", {"result": claim("None of these")})
    now = world.studio.clock
    assert now
    stale = [one.model_copy(update={"updated_at": to_stamp(now + shift)}) for one in known]
    assert world.pull()(stale) == world.pull()()


@pytest.fixture
def answered(world: World, annotator: Annotator) -> World:
    """A project with one skipped sentence, and answers of which a smaller schema would lose some."""
    world.push(three())
    tasks = world.by_text()
    annotator.submit(tasks[THREE[0]].id, choices("Prediction", "Unsourced claim"))
    annotator.submit(tasks[THREE[1]].id, choices("Prediction"))
    annotator.submit(tasks[THREE[2]].id, choices("None of these"))
    return world


def less(edit: Callable[[str], str], schema: LabelSchema) -> LabelSchema:
    return LabelSchema.parse("\n".join(line for line in map(edit, schema.xml.splitlines()) if line))


@pytest.mark.parametrize(
    ("edit", "lost"),
    [
        (
            lambda line: "" if 'value="Prediction"' in line else line,
            "2 answers would be lost: 'Prediction' in 'claims' (2)",
        ),
        (
            lambda line: line.replace('"Prediction"', '"Forecast"'),
            "2 answers would be lost: 'Prediction' in 'claims' (2)",
        ),
        (lambda line: line.replace('choice="multiple"', 'choice="single"'), "several labels in 'claims' (1)"),
        (lambda line: "" if "None of these" in line else line, "'None of these' in 'claims' (1)"),
    ],
    ids=["taken away", "renamed", "one instead of several", "no way to say none"],
)
def test_a_change_that_loses_answers_is_refused_with_how_many(
    answered: World, edit: Callable[[str], str], lost: str
) -> None:
    with pytest.raises(StudioError) as refused:
        open_project(answered.studio, answered.title, less(edit, answered.schema), INSTRUCTION)
    assert lost in str(refused.value)
    assert answered.project.config.strip() == answered.schema.xml.strip()


def test_another_question_reaches_the_project_and_answers_stay(answered: World) -> None:
    question = '<Choices name="tone" toName="sentence"><Choice value="Angry"/><Choice value="Amused"/></Choices>'
    schema = LabelSchema.parse(answered.schema.xml.replace("</Choices>", f"</Choices>{question}"))
    with pytest.raises(ConfigError, match="run `annot push`"):
        find_answered_project(answered.studio, answered.title, schema)
    open_project(answered.studio, answered.title, schema, INSTRUCTION)
    asked = find_answered_project(answered.studio, answered.title, schema)
    assert len(to_pulled(Pull(answered.studio, asked, schema)()).annotations) == 3
