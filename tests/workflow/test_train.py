"""What training refuses before it begins, and what it records of its labels."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotate.annotation import Annotation, articles_of
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import read_records, write_records
from annotate.errors import AnnotError, ModelError, SourceError, StoreError, TrainingError
from annotate.learning import learn, starter
from annotate.models.exports import read_export
from annotate.models.folder import CARD, EXPORT, in_use
from annotate.models.training_record import Recipe, unlearned
from annotate.schema import LabelSchema
from annotate.workflow.learnable import starter_labels
from annotate.workflow.locks import alone
from annotate.workflow.test_set import remember
from annotate.workflow.train import TrainOptions, TrainResult, note_on_export, train

Make = Callable[..., Annotation]
TEXTS = ["The regime will fall.", "Its army has lost its tanks.", "It is a fact.", "They will win."]


@pytest.fixture
def workspace(tmp_path: Path, annotation: Make) -> Workspace:
    (tmp_path / "work").mkdir()
    return with_drafts(tmp_path / "work", annotation)


def with_drafts(root: Path, annotation: Make) -> Workspace:
    """Make a workspace with four drafts, of two articles."""
    workspace = open_workspace(root)
    answers = [("Prediction",), ("Unsourced claim",), (), ("Prediction",)]
    drafts = [
        annotation(text, {"terms": (), "claims": given}, "model:m", "draft", article="ab"[number % 2])
        for number, (text, given) in enumerate(zip(TEXTS, answers, strict=True))
    ]
    write_records(workspace.labels_file, drafts)
    return workspace


@pytest.fixture(scope="module")
def recipe(tiny_base: Path) -> Recipe:
    return Recipe(base=str(tiny_base), epochs=1, folds=2)


def refusal(workspace: Workspace, name: str | None = None, labels: tuple[Path, ...] = ()) -> str:
    """Return the line by which a training is refused, which must not need a base encoder or make a model."""
    with pytest.raises(AnnotError) as refused:
        train(workspace, labels, Recipe(base="/no/such/encoder"), TrainOptions(name))
    assert not workspace.models.exists()
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("name", ["../x", "in-use", "a/b", "", ".", "..", ".hidden", "naïve", "v" * 65, "v1\n"])
def test_a_name_that_no_model_can_have_is_refused(workspace: Workspace, name: str) -> None:
    before = sorted(workspace.root.parent.rglob("*"))
    assert "not a model's name; use letters, digits" in refusal(workspace, name)
    made = {path.name for path in set(workspace.root.parent.rglob("*")) - set(before)}
    assert made <= {".annot", "training.lock"}


def test_a_name_that_is_taken_is_refused(workspace: Workspace) -> None:
    (workspace.models / "mine").mkdir(parents=True)
    with pytest.raises(TrainingError, match="mine: there is such a model; choose another name"):
        train(workspace, options=TrainOptions("mine"))
    assert list((workspace.models / "mine").iterdir()) == []


def test_no_labels_are_refused_with_where_was_looked(tmp_path: Path) -> None:
    assert refusal(open_workspace(tmp_path)).startswith("none of the label files exists: no labels")
    (tmp_path / "empty.jsonl").touch()
    assert refusal(open_workspace(tmp_path), labels=(tmp_path / "empty.jsonl",)).startswith(f"{tmp_path}/empty.jsonl")


@pytest.mark.parametrize("is_link", [False, True])
def test_models_that_cannot_be_written_are_told_before_time_is_spent(workspace: Workspace, is_link: bool) -> None:
    if is_link:
        workspace.models.symlink_to("/no/such/folder")
    else:
        workspace.models.touch()
    with pytest.raises(StoreError, match=r"models: cannot be written: .*; nothing was changed$"):
        train(workspace, recipe=Recipe(base="/no/such/encoder"))


def test_what_a_killed_training_left_is_removed(workspace: Workspace) -> None:
    left = workspace.models / ".v1.a_b0c1d2"
    left.mkdir(parents=True)
    with pytest.raises(ModelError, match="cannot be used as a base encoder"):
        train(workspace, recipe=Recipe(base="/no/such/encoder"))
    assert not left.exists()


def test_labels_of_which_none_is_given_teach_nothing(tmp_path: Path, annotation: Make) -> None:
    write_records(tmp_path / "l.jsonl", [annotation(text, {"terms": (), "claims": ()}) for text in TEXTS])
    line = refusal(open_workspace(tmp_path), labels=(tmp_path / "l.jsonl",))
    assert line == "4 sentences, and none carries a label: there is nothing to learn yet; label some that do"


def test_labels_that_are_all_disputed_teach_nothing_until_somebody_decides(tmp_path: Path, annotation: Make) -> None:
    votes = [annotation(TEXTS[0], {"claims": vote}, f"user:{n}") for n, vote in enumerate([("Prediction",), ()])]
    write_records(tmp_path / "l.jsonl", votes)
    assert "1 sentence, and votes are split" in refusal(open_workspace(tmp_path), labels=(tmp_path / "l.jsonl",))


def test_labels_of_other_questions_are_refused(tmp_path: Path, annotation: Make) -> None:
    write_records(tmp_path / "l.jsonl", [annotation(TEXTS[0], {"mood": ("Sad",)})])
    with pytest.raises(SourceError, match="has no question 'mood'; the labels are of another schema"):
        train(open_workspace(tmp_path), [tmp_path / "l.jsonl"])


def test_while_another_training_runs_none_is_begun(workspace: Workspace) -> None:
    with alone(workspace, "training"):
        assert "another training runs here; wait for it, or stop it" in refusal(workspace)
    assert "there is such a model" not in refusal(workspace, "..")


@pytest.fixture(scope="module")
def people_and_drafts(tmp_path_factory: pytest.TempPathFactory, recipe: Recipe, annotation: Make) -> TrainResult:
    """A model trained on drafts, for two of which there are people's answers too, beside entries in the way."""
    workspace = with_drafts(tmp_path_factory.mktemp("people"), annotation)
    people = [
        annotation(TEXTS[0], {"terms": (), "claims": ()}, "user:1", "prediction-changed", article="a"),
        annotation(TEXTS[0], {"terms": (), "claims": ()}, "user:2", article="a"),
        annotation(TEXTS[1], {"terms": (), "claims": ("Prediction",)}, "user:1", "prediction", article="b"),
    ]
    write_records(workspace.root / "people.jsonl", people)
    (workspace.models / "v1").mkdir(parents=True)
    (workspace.models / "v2").write_text("a file", "utf-8")
    return train(workspace, [workspace.labels_file, workspace.root / "people.jsonl"], recipe)


def test_the_next_number_that_is_free_names_the_model(people_and_drafts: TrainResult) -> None:
    models = people_and_drafts.folder.parent
    assert (people_and_drafts.name, people_and_drafts.folder.name) == ("v3", "v3")
    assert in_use(models) == "v3"
    assert {path.name for path in models.iterdir()} == {"v1", "v2", "v3", "in-use"}


def test_sentences_that_people_answered_are_recorded_as_theirs(people_and_drafts: TrainResult) -> None:
    data = people_and_drafts.record.data
    assert dict(data.origins) == {"manual": 1, "prediction": 1, "draft": 2}
    assert (data.n_sentences, data.articles) == (4, ("a", "b"))
    assert data.annotators == ("model:m", "user:1", "user:2")


def test_the_order_of_the_files_does_not_change_the_digest(
    people_and_drafts: TrainResult, recipe: Recipe, tmp_path: Path
) -> None:
    files = people_and_drafts.folder.parents[1]
    again = train(open_workspace(tmp_path), [files / "people.jsonl", open_workspace(files).labels_file], recipe)
    assert again.record.data.digest == people_and_drafts.record.data.digest
    assert again.record.data.origins == people_and_drafts.record.data.origins


def test_layers_that_stay_in_full_precision_are_told(trained: Path, tmp_path: Path) -> None:
    exported = read_export(trained / "models" / "tiny")
    kept = exported.model_copy(update={"in_full": ("gelu",)})
    (tmp_path / EXPORT).write_text(kept.model_dump_json(), "utf-8")
    (line,) = note_on_export(tmp_path)
    assert line.startswith("1 of 2 layers kept in full precision, for 8 bits would cost a held-out figure too much: ")
    assert exported.in_full or not list(note_on_export(trained / "models" / "tiny"))


def test_starter_labels_count_as_learned_and_no_article_of_the_test_set_is_among_them(
    tmp_path: Path, recipe: Recipe, schema: LabelSchema, annotation: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter, "AGREES", 0.0)  # a network this small learns too little to agree with anybody
    heard: list[Sequence[Annotation]] = []

    def listening(given: Sequence[Annotation], *others: Any) -> starter.Started:
        heard.append(given)
        return starter.start_from(given, *others)

    monkeypatch.setattr(learn, "start_from", listening)
    workspace = with_drafts(tmp_path, annotation)
    drafts = starter_labels(schema, [])
    remember(workspace, [drafts[0].sentence])
    result = train(workspace, [workspace.labels_file], recipe)
    others = [each for each in drafts if each.article_id != drafts[0].article_id]
    assert {each.uid for each in heard[0]} == {each.uid for each in others}
    assert result.record.started_from == ("Prediction", "Unsourced claim")
    assert result.record.data.warmup_articles == articles_of(others)
    assert any("'Prediction' was learned from the starter labels first" in line for line in result.notes)
    told = f"it learned Prediction and Unsourced claim from the {len(others)} starter labels of the package (digest `"
    assert told in (result.folder / CARD).read_text()
    labelled = list(read_records(workspace.labels_file, Annotation))
    for held in (list[Annotation](), labelled):
        assert unlearned([*others, *labelled], result.folder, held) == []
    bare = train(open_workspace(tmp_path, starter=False), [workspace.labels_file], recipe)
    assert (bare.record.started_from, bare.record.data.warmup_articles, len(heard[1])) == ((), (), 0)


def test_a_schema_may_ask_of_sentences_alone(tmp_path: Path, recipe: Recipe, annotation: Make) -> None:
    (tmp_path / "labeling_config.xml").write_text(
        '<View><Text name="t" value="$sentence"/><Choices name="claims" toName="t" choice="multiple">'
        '<Choice value="Prediction"/><Choice value="Unsourced claim"/></Choices></View>',
        "utf-8",
    )
    workspace = open_workspace(tmp_path)
    drafts = [
        annotation(text, {"claims": ("Prediction",) * (number % 2)}, article="ab"[number // 2])
        for number, text in enumerate(TEXTS)
    ]
    write_records(workspace.labels_file, drafts)
    record = train(workspace, recipe=recipe).record
    assert record.evaluation is not None
    assert set(record.evaluation) == {"Prediction", "Unsourced claim"}
