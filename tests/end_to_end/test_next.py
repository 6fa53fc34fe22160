"""Sentences to label next, in a real Label Studio: served first, brought in once, and drawn ones kept apart."""

import json
from pathlib import Path
from secrets import token_hex

from annotate.article import Sentence
from annotate.corpus.store import read_records
from annotate.studio.front import Front, FrontAnnotator, Pair, Queue
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.push import PushOptions
from end_to_end.sync_world import Draft, World, many, suggest
from end_to_end.user_shell import Annotator, Quickstarted, Shell, choices

ARTICLE = " ".join(f"The minister has sold harbour number {number} to a shell company." for number in range(40))
MODEL = PreAnnotator("stand-in", suggest)


def pairs(draft: Draft, *numbers: int) -> list[Pair]:
    article, sentences = draft.pair
    return [(sentences[number], article) for number in numbers]


def suggested(annotator: Annotator) -> list[str]:
    """Return the sentences that have a suggestion, in the order of its score."""
    tasks = [task for task in annotator.tasks() if task["predictions"]]
    return [task["data"]["uid"] for task in sorted(tasks, key=lambda task: task["predictions"][0]["score"])]


def answer_what_is_served(annotator: Annotator) -> str:
    """Answer the sentence that "Label All Tasks" serves, and return it."""
    task = annotator.ask("GET", f"projects/{annotator.project['id']}/next")
    annotator.submit(task["id"], choices("None of these"))
    return str(task["data"]["uid"])


def test_chosen_sentences_have_the_lowest_scores_until_others_are_chosen(world: World, annotator: Annotator) -> None:
    draft = Draft("a", [f"{'So ' * length}it is." for length in (8, 1, 5, 3)])
    world.push(draft, options=PushOptions(model=MODEL))
    usual = suggested(annotator)

    def bring(*numbers: int) -> int:
        places = {sentence.uid: place for place, (sentence, _) in enumerate(pairs(draft, *numbers))}
        front = FrontAnnotator(MODEL.name, MODEL.predict, places=places)
        return Front(world.studio, world.project, world.schema, front)()

    uids = [sentence.uid for sentence in draft.sentences]
    assert bring(0, 3) == 2
    assert suggested(annotator) == [uids[0], uids[3], uids[1], uids[2]]
    assert bring(0, 3) == 0
    assert bring(2) == 3
    assert suggested(annotator) == [uids[2], *(uid for uid in usual if uid != uids[2])]


def test_a_renewal_leaves_in_front_what_is_there(world: World, annotator: Annotator) -> None:
    draft = Draft("a", [f"{'So ' * length}it is." for length in (8, 1, 5, 3)])
    world.push(draft, options=PushOptions(model=MODEL))
    uids = [sentence.uid for sentence in draft.sentences]
    Queue(world.studio, world.project, world.schema, MODEL).serve_first(pairs(draft, 3, 0))
    newer = Queue(world.studio, world.project, world.schema, PreAnnotator("newer", suggest))
    assert newer.renew() >= 2
    assert suggested(annotator)[:2] == [uids[3], uids[0]]
    assert {each["model_version"] for task in annotator.tasks() for each in task["predictions"]} == {"newer"}
    assert newer.renew() == 0
    assert {answer_what_is_served(annotator) for _ in range(2)} == {uids[3], uids[0]}
    newer.renew()
    assert {task["data"]["uid"] for task in annotator.tasks() if task["predictions"]} == set(uids)


def test_where_several_people_label_the_chosen_are_served_before_all_others(
    demo: Quickstarted, world: World, annotator: Annotator
) -> None:
    demo.done("annotators", "add", f"Second {token_hex(4)}")
    draft, pool = many(30), many(5, article="pool")
    world.push(draft, options=PushOptions(model=MODEL))
    chosen = [*pairs(draft, 20, 3), *pairs(pool, 4, 1)]
    queue = Queue(world.studio, world.project, world.schema, MODEL)
    assert queue.serve_first(chosen) == (2, False)
    assert queue.serve_first(chosen) == (0, False)
    assert len(world.tasks()) == 32
    assert {answer_what_is_served(annotator) for _ in chosen} == {sentence.uid for sentence, _ in chosen}
    world.push(options=PushOptions(model=MODEL, refresh=True))
    assert len(suggested(annotator)) == 32


def test_a_pool_is_chosen_from_and_what_was_drawn_stays_the_test_set(
    demo: Quickstarted, shell: Shell, annotator: Annotator
) -> None:
    source, model = shell.workspace / "pool.txt", demo.workspace / "models" / "starter"
    source.write_text(ARTICLE, "utf-8")
    (shell.workspace / "models").symlink_to(demo.workspace / "models")
    words = ("next", source, "-n", "10", "--test", "0.2", "-m", model)
    dry = shell.done(*words, "--dry-run")
    chosen = [json.loads(line) for line in shell.done(*words).splitlines()]
    assert [json.loads(line) for line in dry.splitlines()] == chosen
    assert {task["data"]["uid"] for task in annotator.tasks()} == {each["uid"] for each in chosen}
    drawn = [each["uid"] for each in chosen if each["test"]]
    kept = shell.workspace / "data" / "test.jsonl"
    assert [sentence.uid for sentence in read_records(kept, Sentence)] == drawn
    assert len(drawn) == 2
    answered = {answer_what_is_served(annotator) for _ in range(10)}
    assert answered == {each["uid"] for each in chosen}
    shell.done("pull")
    result = shell.annot(*words)
    assert "10 chosen of 30 sentences that wait, 2 of them drawn" in result.stderr
    again = [json.loads(line) for line in result.stdout.splitlines()]
    assert not {each["uid"] for each in again} & answered
    assert {sentence.uid for sentence in read_records(kept, Sentence)} >= set(drawn)
    measured = shell.done("evaluate", "--test", "-m", model)
    assert measured.startswith("starter: 2 sentences of 1 article")


def test_what_cannot_be_chosen_is_a_line(demo: Quickstarted, shell: Shell, tmp_path: Path) -> None:
    def line(*words: str | Path) -> str:
        refused = shell.annot(*words)
        assert refused.returncode == 1
        return refused.stderr.splitlines()[-1]

    model = demo.workspace / "models" / "starter"
    assert "no model yet; make one with `annot train`" in line("next")
    assert "no sentence waits for a label; `annot next SOURCE` brings more" in line("next", "-m", model)
    assert "does not exist" in line("next", tmp_path / "nowhere.txt", "-m", model)
    (tmp_path / "one.txt").write_text("The harbour was sold.", "utf-8")
    result = shell.annot("next", tmp_path / "one.txt", "-m", model, "--dry-run")
    assert "1 chosen of 1 sentence that wait" in result.stderr
    assert "there are no more that wait" in result.stderr
