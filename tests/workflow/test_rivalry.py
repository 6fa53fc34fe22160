"""A new model is used unless the one in use is better on sentences that neither has learned from."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import read_records, write_records
from annotate.errors import ModelError, TrainingError
from annotate.learning import learn as learning
from annotate.learning import snapshot
from annotate.models import folder as layout
from annotate.models.folder import in_use
from annotate.models.training_record import Recipe, read_out_of_fold, read_training_record
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema
from annotate.workflow import train as training
from annotate.workflow.learnable import check_learnable, notes_on_labels, without_known
from annotate.workflow.model import use_model
from annotate.workflow.rivalry import Rivalry, rivalry
from annotate.workflow.train import TrainOptions, TrainResult, train

Make = Callable[..., Annotation]


@pytest.fixture
def workspace(trained: Path, tmp_path: Path) -> Workspace:
    """Give a workspace of the test's own, with the tiny model in use."""
    shutil.copytree(trained, tmp_path / "work")
    return open_workspace(tmp_path / "work")


def taught(workspace: Workspace, name: str, *, perfect: bool) -> Path:
    """Copy the tiny model under another name, as if its networks had known every answer, or none."""
    folder = workspace.models / name
    shutil.copytree(workspace.models / "tiny", folder)
    truth = {each.uid: each for each in read_records(workspace.labels_file, Annotation)}
    scores = []
    for score in read_out_of_fold(folder):
        carried = {n for q, a in truth[score.uid].answers.items() for n in (a if q == "claims" else ())}
        decided = tuple(n for n in ("Unsourced claim", "Prediction") if (n in carried) == perfect)
        scores.append(score.model_copy(update={"decided": decided, "spans": ()}))
    write_records(folder / layout.OUT_OF_FOLD, scores)
    return folder


@pytest.mark.parametrize(("new", "rival", "is_worse"), [("good", "bad", False), ("bad", "good", True)])
def test_the_better_one_is_told_on_the_same_sentences(
    workspace: Workspace, schema: LabelSchema, new: str, rival: str, is_worse: bool
) -> None:
    folders = {name: taught(workspace, name, perfect=name == "good") for name in ("good", "bad")}
    labelled = list(read_records(workspace.labels_file, Annotation))
    found = rivalry(workspace, folders[new], folders[rival], labelled)
    assert found is not None
    assert (found.is_worse, found.rival, found.n_sentences) == (is_worse, rival, len(labelled))
    assert ("worse than" in found.summary) is is_worse


def test_a_false_alarm_for_a_label_that_no_sentence_carries_decides_nothing(
    workspace: Workspace, schema: LabelSchema
) -> None:
    good, quiet = (taught(workspace, name, perfect=True) for name in ("good", "quiet"))
    labelled = [
        each.model_copy(update={"answers": {**each.answers, "terms": ()}})
        for each in read_records(workspace.labels_file, Annotation)
    ]
    scores = list(read_out_of_fold(good))
    scores[0] = scores[0].model_copy(update={"decided": (*scores[0].decided, "Loaded term")})
    write_records(good / layout.OUT_OF_FOLD, scores)
    found = rivalry(workspace, good, quiet, labelled)
    assert found is not None
    assert (found.f1, found.rival_f1, found.is_worse) == (1.0, 1.0, False)


def test_a_rival_without_its_export_is_compared_all_the_same(workspace: Workspace, annotation: Make) -> None:
    new, rival = (taught(workspace, name, perfect=name == "new") for name in ("new", "rival"))
    (rival / layout.EXPORT).unlink()
    labelled = list(read_records(workspace.labels_file, Annotation))
    found = rivalry(workspace, new, rival, labelled)
    assert found is not None
    assert not (rival / layout.EXPORT).exists()  # what it said of them while it was trained is enough
    # What it has learned stands elsewhere too, and a sentence that is new to it does not.
    again = labelled[0].model_copy(update={"uid": "again", "article_id": "elsewhere"})
    fresh = annotation("It will be new to both.", {"claims": ("Prediction",)}, article="elsewhere")
    scores = list(read_out_of_fold(new))
    said = scores[0].model_copy(update={"spans": (), "words": {}})
    scores += [said.model_copy(update=dict(each.sentence)) for each in (again, fresh)]
    write_records(new / layout.OUT_OF_FOLD, scores)
    found = rivalry(workspace, new, rival, [*labelled, again, fresh])
    assert found is not None
    assert found.n_sentences == len(labelled) + 1
    assert (rival / layout.EXPORT).exists()


def test_a_label_that_one_side_could_not_learn_is_compared_for_neither(workspace: Workspace) -> None:
    new, rival = (taught(workspace, name, perfect=True) for name in ("new", "rival"))
    write_records(new / layout.OUT_OF_FOLD, [score.without({"Prediction"}) for score in read_out_of_fold(new)])
    found = rivalry(workspace, new, rival, list(read_records(workspace.labels_file, Annotation)))
    assert found is not None
    assert found.f1 == found.rival_f1
    assert found.f1


def test_a_model_that_has_not_learned_a_label_does_not_take_the_place_of_one_that_has(
    workspace: Workspace, tiny_base: Path, tmp_path: Path
) -> None:
    shutil.copytree(workspace.models / "tiny", workspace.models / "v1")
    layout.in_use_file(workspace.models).write_text("v1\n", "utf-8")
    told = [each for each in read_records(workspace.labels_file, Annotation) if "claims" in each.answers]
    of_claims = [
        each.model_copy(update={"answers": {"claims": each.answers["claims"]}, "article_id": f"other {n % 2}"})
        for n, each in enumerate(told)
    ]
    write_records(tmp_path / "claims.jsonl", of_claims)
    recipe = Recipe(base=str(tiny_base), epochs=1, folds=2)
    kept = train(workspace, [tmp_path / "claims.jsonl"], recipe, TrainOptions(name="v2"))
    assert kept.rivalry is not None
    assert (kept.rivalry.forgotten, kept.in_use) == (("Loaded term",), False)
    assert kept.rivalry.summary.startswith("worse than 'v1': it has not learned 'Loaded term', which 'v1' has")
    assert in_use(workspace.models) == "v1"
    assert train(workspace, [tmp_path / "claims.jsonl"], recipe, TrainOptions(name="v3", use=True)).in_use


def test_a_model_that_is_chosen_during_a_training_is_what_the_new_one_is_compared_with(
    workspace: Workspace, tiny_base: Path
) -> None:
    for name in ("v1", "v2"):
        shutil.copytree(workspace.models / "tiny", workspace.models / name)
    use_model(workspace, "v1")

    def chosen_meanwhile(activity: str, /, done: int = 0, total: int | None = None) -> None:
        if activity == "Saving":
            use_model(workspace, "v2")

    recipe = Recipe(base=str(tiny_base), epochs=1, folds=2)
    result = train(workspace, recipe=recipe, options=TrainOptions(name="v3"), progress=chosen_meanwhile)
    assert result.rivalry is not None
    assert result.rivalry.rival == "v2"


def test_a_rival_that_answers_other_questions_is_refused(workspace: Workspace, schema: LabelSchema) -> None:
    folder = taught(workspace, "other", perfect=True)
    other = LabelSchema.parse(schema.xml.replace('value="Prediction"', 'value="Forecast"'))
    (folder / layout.SCHEMA).write_text(other.xml, "utf-8")
    labelled = list(read_records(workspace.labels_file, Annotation))
    with pytest.raises(ModelError, match="other: trained for another labeling configuration"):
        rivalry(workspace, workspace.models / "tiny", folder, labelled)


@pytest.mark.parametrize("use", [False, True])
def test_a_worse_model_is_kept_and_not_used_unless_told_to(workspace: Workspace, tiny_base: Path, use: bool) -> None:
    good = taught(workspace, "good", perfect=True)
    layout.in_use_file(workspace.models).write_text("good\n", "utf-8")
    before = {path.name: path.read_bytes() for path in good.iterdir()}
    recipe = Recipe(base=str(tiny_base), epochs=1, folds=2, learning_rate=1e-5)
    result = train(workspace, recipe=recipe, options=TrainOptions(name="worse", use=use))
    assert result.rivalry is not None
    assert result.rivalry.is_worse
    assert result.in_use is use
    assert in_use(workspace.models) == ("worse" if use else "good")
    assert read_training_record(result.folder).cost is not None
    assert {path.name: path.read_bytes() for path in good.iterdir()} == before


def test_equals_are_replaced() -> None:
    assert not Rivalry(rival="v1", n_sentences=9, f1=0.5, rival_f1=0.5).is_worse


def cannot_resume(workspace: Workspace, recipe: Recipe, *labels: Path) -> None:
    with pytest.raises(TrainingError, match="no interrupted training of these labels with these settings, encoder and"):
        train(workspace, labels, recipe, TrainOptions(resume=True))


def stopped(workspace: Workspace, recipe: Recipe, monkeypatch: pytest.MonkeyPatch, at: str) -> list[str]:
    """Stop a training at one of its stages, and return what is told."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    told: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(learning, at, stop)
        with pytest.raises(KeyboardInterrupt):
            train(workspace, recipe=recipe, options=TrainOptions("stopped", note=told.append))
    return told


def test_who_stops_a_training_is_told_how_to_go_on_once_something_was_reached(
    workspace: Workspace, tiny_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(base=str(tiny_base), epochs=1, folds=2)
    monkeypatch.setattr(snapshot, "_SELDOM", 0.0)
    assert not [line for line in stopped(workspace, recipe, monkeypatch, "load_base") if "--resume" in line]
    told = stopped(workspace, recipe, monkeypatch, "score_held")
    assert told[-1].startswith("stopped: the same command with --resume goes on from what was reached")


def test_a_training_resumes_where_it_was_stopped_and_only_there(
    workspace: Workspace, tiny_base: Path, schema: LabelSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe(base=str(tiny_base), epochs=1, folds=2)
    cannot_resume(workspace, recipe)
    monkeypatch.setattr(snapshot, "_SELDOM", 0.0)
    stopped(workspace, recipe, monkeypatch, at="score_held")
    assert sorted(path.name for path in workspace.models.iterdir()) == ["in-use", "tiny"]
    (kept,) = (workspace.state / "training").iterdir()
    assert {path.name for path in kept.iterdir()} >= {f"{name}.safetensors" for name in ("fold-0", "fold-1", "all")}
    with pytest.raises(ModelError):  # a slip of the hand costs nothing of what was kept
        train(workspace, recipe=recipe.model_copy(update={"base": "no/such-encoder"}))
    lines = workspace.labels_file.read_text("utf-8").splitlines(keepends=True)
    turned = workspace.root / "turned.jsonl"
    turned.write_text("".join(reversed(lines)), "utf-8")
    cannot_resume(workspace, recipe, turned)
    own = workspace.root / "labeling_config.xml"
    swapped = schema.xml.replace("Prediction", "Third").replace("Unsourced claim", "Prediction")
    own.write_text(swapped.replace("Third", "Unsourced claim"), "utf-8")
    cannot_resume(open_workspace(workspace.root), recipe)
    own.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(training, "version", lambda _: "0")
        cannot_resume(workspace, recipe)
    (tiny_base / "another").touch()
    cannot_resume(workspace, recipe)
    (tiny_base / "another").unlink()
    heard: dict[str, list[str]] = {"resumed": [], "whole": []}

    def trained(name: str) -> TrainResult:
        def hear(activity: str, /, done: int = 0, total: int | None = None) -> None:
            heard[name].append(activity)

        options = TrainOptions(name, resume=name == "resumed")
        return train(workspace, recipe=recipe, options=options, progress=hear)

    resumed, whole = trained("resumed"), trained("whole")
    assert "Training" in heard["whole"]
    assert "Training" not in heard["resumed"]  # every step had been done
    weights = [(each.folder / layout.WEIGHTS).read_bytes() for each in (resumed, whole)]
    assert weights[0] == weights[1]
    assert not kept.exists()


def test_labels_of_one_class_are_refused_in_a_line(annotation: Make, schema: LabelSchema) -> None:
    given = [annotation(f"It will {n}.", {"claims": ("Prediction", "Unsourced claim")}) for n in range(3)]
    with pytest.raises(TrainingError, match=r"^every sentence carries '[^']+': label some that do not"):
        check_learnable(given, schema)


def test_what_cannot_be_learned_is_told(annotation: Make, schema: LabelSchema) -> None:
    given = [annotation("It will.", {"claims": ("Prediction",)}), annotation("It  WILL.", {"claims": ()}, article="b")]
    notes = "\n".join(notes_on_labels(given, schema))
    assert "2 sentences: the figures of so few are mostly chance" in notes
    assert "nobody says of any sentence whether it carries 'Loaded term'" in notes
    assert "no sentence carries 'Unsourced claim'" in notes
    assert "1 text labelled in one way here and in another there" in notes


def test_what_is_warmed_up_on_is_not_measured_on(annotation: Make) -> None:
    known = [annotation("It will fall.", {}, article="a")]
    more = [annotation(text, {}, article=article) for text, article in [("IT WILL  fall.", "b"), ("Other.", "a")]]
    fresh = annotation("Other.", {}, article="c")
    golds = [Gold.model_construct(**dict(each)) for each in [*more, fresh]]
    assert [each.article_id for each in without_known(golds, known)] == ["c"]


def test_a_network_is_warmed_up_on_other_labels_first(workspace: Workspace, tiny_base: Path, annotation: Make) -> None:
    file = workspace.root / "silver.jsonl"
    silver = [annotation(f"They will win {n}.", {"claims": ("Prediction",) * (n % 2)}, article="z") for n in range(8)]
    write_records(file, [each.model_copy(update={"corpus": "babe", "origin": "prediction"}) for each in silver])
    recipe = Recipe(base=str(tiny_base), epochs=1, folds=2)
    layout.in_use_file(workspace.models).write_text("gone\n", "utf-8")
    heard: list[str] = []
    result = train(
        workspace,
        recipe=recipe,
        options=TrainOptions("warm", warmup=[file]),
        progress=lambda activity, /, done=0, total=None: heard.append(activity),
    )
    assert "Warming up" in heard
    assert result.record.data.warmup_articles == ("z",)
    assert (result.record.data.n_warmup, dict(result.record.data.corpora)) == (8, {"babe": 8})
    assert dict(result.record.data.warmup_origins) == {"prediction": 8}
    # The model that was in use is gone: what was trained is taken into use all the same.
    assert result.in_use
    assert any(note.startswith("not compared with 'gone': ") for note in result.notes)
    assert "AGPL-3.0" in (result.folder / layout.CARD).read_text("utf-8")
