"""When a model is trained, in which process, and what is left when that ends before its time."""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir

import psutil
import pytest

from annotate.annotation import Annotation
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import read_records, write_records
from annotate.models.folder import in_use
from annotate.server.events import Event, Failed, NotDue, Order, Told, Trained
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.retraining import Job, Wishes
from annotate.server.served import Served
from annotate.workflow.learned import fingerprints, mark_learned, new_among
from annotate.workflow.train import train


def test_enough_annotations_or_a_person_start_a_training() -> None:
    wishes = Wishes(after=3)
    wishes.notice(2)
    assert wishes.next is None
    wishes.notice()
    assert wishes.take() == ("train", False)
    assert wishes.take() is None
    wishes.ask()
    wishes.renew_suggestions()
    assert [wishes.take(), wishes.take(), wishes.take()] == [("renew", False), ("train", True), None]


def test_without_a_number_only_a_person_starts_one() -> None:
    wishes = Wishes(after=0)
    wishes.notice(1000)
    wishes.look_again()
    assert wishes.take() is None
    wishes.ask()
    assert wishes.take() == ("train", True)


def test_what_could_not_be_done_is_done_at_the_next_look() -> None:
    wishes = Wishes(after=50)
    wishes.ask()
    wishes.renew_suggestions()
    for wish in (("renew", False), ("train", True)):
        assert wishes.take() == wish
    wishes.keep("renew", asked=False)
    wishes.keep("train", asked=True)
    assert not wishes.changed.is_set()
    wishes.look_again(new=False)
    assert [wishes.take(), wishes.take(), wishes.take()] == [("renew", False), ("train", True), None]


def test_a_look_that_finds_nothing_to_do_forgets_nothing() -> None:
    wishes = Wishes(after=3)
    wishes.notice(2)
    wishes.look_again(new=False)
    assert wishes.take() is None
    wishes.notice()
    assert wishes.take() == ("train", False)


def test_what_was_too_few_counts_for_the_next_time(workspace: Workspace) -> None:
    live = Live(workspace, ServeOptions(after=30), Served(workspace), Listeners())
    live.wishes.notice(20)
    live.wishes.look_again()
    assert live.wishes.take() == ("train", False)
    live._hear(NotDue(n_new=20))
    assert live.wishes.next is None
    live.wishes.notice(10)
    assert live.wishes.next == "train"


def test_changed_answers_are_new_and_those_seen_are_not(
    workspace: Workspace, annotation: Callable[..., Annotation]
) -> None:
    first, second = (annotation(text, {"claims": ()}) for text in ("It rains.", "It pours."))
    write_records(workspace.labels_file, [first, second])
    mark_learned(fingerprints(workspace), workspace)
    assert new_among(fingerprints(workspace), workspace) == 0
    third = annotation("It will rain.", {"claims": ("Prediction",)})
    write_records(workspace.labels_file, [first, second.model_copy(update={"answers": {}}), third])
    assert new_among(fingerprints(workspace), workspace) == 2


def test_without_a_record_of_trainings_answers_older_than_the_model_are_none_of_the_new(
    workspace: Workspace, annotation: Callable[..., Annotation]
) -> None:
    made = [annotation(text, {"claims": ()}) for text in ("It rains.", "It pours.")]
    stamps = ("2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z")
    dated = [one.model_copy(update={"created_at": stamp}) for one, stamp in zip(made, stamps, strict=True)]
    write_records(workspace.labels_file, dated)
    (workspace.state / "learned.txt").unlink()
    assert new_among(fingerprints(workspace), workspace) == 1


@pytest.fixture
def ordered(workspace: Workspace, tiny_base: Path) -> Order:
    """Give the order to train a tiny model on the labels of the workspace."""
    starter = list(read_records(workspace.labels_file, Annotation))
    write_records(workspace.labels_file, [one for one in starter if any(one.answers.values())][::3])
    settings = [f'base = "{tiny_base}"', 'labels = ["data/labels.jsonl"]']
    (workspace.root / "annot.toml").write_text("\n".join(settings), "utf-8")
    return Order(kind="train", root=str(workspace.root), asked=True)


def run(order: Order, heard: Callable[[Event], None] = lambda _: None) -> Event:
    return asyncio.run(Job(order, heard).run())


def test_a_training_goes_on_in_a_process_of_the_lowest_priority(ordered: Order, workspace: Workspace) -> None:
    nice: set[int] = set()

    def hear(event: Event) -> None:
        nice.update(child.nice() for child in psutil.Process().children() if "annotate.server.job" in child.cmdline())

    last = run(ordered, hear)
    assert isinstance(last, Trained), last
    assert nice == {19}
    assert (workspace.models / last.name / "model.onnx").is_file()
    assert in_use(workspace.models) == (last.name if last.in_use else "tiny")
    assert run(ordered.model_copy(update={"asked": False})) == NotDue(n_new=0)


def test_what_somebody_trains_on_by_hand_is_not_new(ordered: Order, workspace: Workspace) -> None:
    stamp = "2999-01-01T00:00:00Z"
    labels = [one.model_copy(update={"created_at": stamp}) for one in read_records(workspace.labels_file, Annotation)]
    other = workspace.root / "other.jsonl"
    for path in (workspace.labels_file, other):
        write_records(path, labels)
    opened = open_workspace(workspace.root)
    train(opened, [other])
    assert new_among(fingerprints(opened), opened) == len(labels)
    train(opened)
    assert new_among(fingerprints(opened), opened) == 0


def test_a_process_that_cannot_be_started_is_told_and_the_server_goes_on(ordered: Order, workspace: Workspace) -> None:
    async def done() -> Event:
        live = Live(workspace, ServeOptions(after=0), Served(workspace), Listeners())
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
        try:
            assert await live._done(ordered) == live.last
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert live.last is not None
        return live.last

    told = asyncio.run(done())
    assert isinstance(told, Failed)
    assert "Too many open files" in told.reason


@pytest.mark.parametrize(("length", "said"), [(200_000, "stands twice"), (2_000_000, "what cannot be read")])
def test_what_a_process_says_may_be_long(ordered: Order, workspace: Workspace, length: int, said: str) -> None:
    twice = f'<Choice value="{"a" * length}"/>' * 2
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="c" toName="t">{twice}</Choices></View>'
    live = Live(workspace, ServeOptions(after=0), Served(workspace), Listeners())
    (workspace.root / "labeling_config.xml").write_text(xml, "utf-8")
    told = asyncio.run(live._done(ordered))
    assert isinstance(told, Failed)
    assert said in told.reason


def test_a_training_that_is_killed_leaves_the_old_model(ordered: Order, workspace: Workspace) -> None:
    def hear(event: Event) -> None:
        if isinstance(event, Told) and event.activity.startswith("Training"):
            for child in psutil.Process().children():
                with suppress(psutil.NoSuchProcess):  # some of what it said may be heard after its end
                    if "annotate.server.job" in child.cmdline():
                        child.kill()

    assert isinstance(run(ordered, hear), Failed)
    assert in_use(workspace.models) == "tiny"
    assert [path.name for path in workspace.models.glob("*/") if not path.name.startswith(".")] == ["tiny"]


@pytest.mark.parametrize("is_tried", [False, True])
def test_a_full_disk_is_told_and_leaves_the_old_model(ordered: Order, workspace: Workspace, is_tried: bool) -> None:
    told = _on_a_small_disk(ordered, is_tried=is_tried)
    assert told[-1]["event"] == "failed"
    written = told[-1]["reason"].partition(": ")[0].partition(" cannot")[0]
    own = any(Path(written).is_relative_to(folder) for folder in (workspace.models, workspace.state / "training"))
    assert own if is_tried else written == gettempdir()
    assert {path.name for path in workspace.models.iterdir()} == {"tiny", "in-use"}
    assert in_use(workspace.models) == "tiny"


def _on_a_small_disk(order: Order, *, is_tried: bool) -> list[dict[str, str]]:
    """Carry an order out where no file can have over 100 kB, and return what was told.

    An encoder that ``is_tried`` is not exported before the training, which would find the disk full before anything.
    """
    code = (
        *(("from annotate.learning import learn; learn.check_export = lambda *_: None",) if is_tried else ()),
        "import resource, runpy, signal; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000,) * 2)",
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
        "runpy.run_module('annotate.server.job', run_name='__main__')",
    )
    command = [sys.executable, "-c", "; ".join(code)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(order.model_dump_json().encode() + b"\n")
        process.stdin.flush()
        return [json.loads(line) for line in process.stdout]


def test_a_server_that_is_gone_ends_its_training(ordered: Order, workspace: Workspace) -> None:
    async def cancelled() -> None:
        begun = asyncio.Event()
        task = asyncio.create_task(Job(ordered, lambda _: begun.set()).run())
        await begun.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(cancelled())
    assert not [each for each in psutil.Process().children() if "annotate.server.job" in each.cmdline()]
    assert in_use(open_workspace(workspace.root).models) == "tiny"
