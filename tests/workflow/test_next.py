"""What to label next is chosen without Label Studio too, and what was drawn is kept out of training."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.config import Workspace, open_workspace
from annotate.corpus.segmentation import Document
from annotate.corpus.store import write_records
from annotate.errors import ModelError, StudioError, TrainingError
from annotate.inference.engine import load_model
from annotate.inference.vectors import sentence_vectors
from annotate.models.training_record import Recipe, read_out_of_fold
from annotate.selection.choice import Wanted
from annotate.workflow.evaluate import evaluate_test
from annotate.workflow.next import choose_next
from annotate.workflow.test_set import read_test_set, remember
from annotate.workflow.train import TrainOptions, train

Make = Callable[..., Sentence]


@pytest.fixture
def workspace(trained: Path, tmp_path: Path) -> Workspace:
    """A copy of the workspace with the tiny model."""
    copytree(trained, tmp_path / "copy")
    return open_workspace(tmp_path / "copy")


def pool(sentence: Make, n: int = 60) -> list[Document]:
    sentences = [sentence(f"The army lost {number} tanks.", 30 * number, "pool") for number in range(n)]
    return [Document(article=None, sentences=sentences)]


def test_a_dry_run_chooses_from_sources_alone_and_remembers_nothing(workspace: Workspace, sentence: Make) -> None:
    result = choose_next(workspace, pool(sentence), Wanted(20), dry_run=True)
    assert len({each.uid for each in result.chosen}) == 20
    assert (result.n_waiting, result.address) == (60, None)
    assert sum(each.test for each in result.chosen) == 2
    assert not workspace.test_file.exists()
    assert result.summary == "tiny: 20 chosen of 60 sentences that wait, 2 of them drawn for the test set"


def test_what_is_labelled_or_repeats_other_words_does_not_wait(
    workspace: Workspace, sentence: Make, starter: list[Annotation]
) -> None:
    doubled = [sentence(text, 100 * place, "b") for place, text in enumerate(["Bread is dear.", "bread  is DEAR."])]
    person = starter[0].model_copy(update={"origin": "manual", "annotator": "user:1"})
    workspace.labels_file.write_text(person.model_dump_json() + "\n", "utf-8")
    result = choose_next(workspace, [Document(article=None, sentences=[*doubled, starter[0].sentence])], dry_run=True)
    assert [each.text for each in result.chosen] == ["Bread is dear."]


def test_without_a_model_or_anything_that_waits_it_says_so(
    workspace: Workspace, sentence: Make, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="no model yet"):
        choose_next(open_workspace(tmp_path), pool(sentence), dry_run=True)
    comments = [each.model_copy(update={"section": "comment"}) for each in pool(sentence)[0].sentences]
    with pytest.raises(StudioError, match="no sentence waits for a label; `annot next SOURCE` brings more"):
        choose_next(workspace, [Document(article=None, sentences=comments)], dry_run=True)


def test_near_equal_sentences_have_near_vectors(workspace: Workspace, sentence: Make) -> None:
    model = load_model(workspace.models / "tiny")
    texts = ["The army lost its tanks.", "The army lost its tanks!", "Hezbollah would never say so."]
    vectors = sentence_vectors(model, [sentence(text) for text in texts])
    assert vectors is not None
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert units[0] @ units[1] > units[0] @ units[2]
    together = sentence_vectors(model, [sentence(texts[0])])
    assert together == pytest.approx(vectors[:1], abs=1e-5)


def test_the_test_set_grows_and_stays(workspace: Workspace, sentence: Make) -> None:
    first, second = sentence("One."), sentence("Two.")
    remember(workspace, [first])
    remember(workspace, [second, first])
    assert list(read_test_set(workspace)) == [first.uid, second.uid]


def test_those_that_add_to_the_test_set_at_once_lose_nothing(workspace: Workspace, sentence: Make) -> None:
    sentences = [sentence(f"The army lost {number} tanks.", 30 * number) for number in range(6)]
    with ThreadPoolExecutor(len(sentences)) as pool:
        list(pool.map(lambda each: remember(workspace, [each]), sentences))
    assert set(read_test_set(workspace)) == {each.uid for each in sentences}


def test_training_keeps_the_test_set_out_unless_told(
    workspace: Workspace, starter: list[Annotation], tiny_base: Path
) -> None:
    kept = [annotation.sentence for annotation in starter[::6]]
    remember(workspace, kept)
    # An agency's sentence, which another newspaper prints too.
    elsewhere = starter[0].model_copy(update={"uid": "0" * 16, "article_id": "b", "text": starter[0].text.upper()})
    write_records(workspace.labels_file, [*starter, elsewhere])
    recipe = Recipe(base=str(tiny_base), epochs=1, folds=1_000_000)  # as many as there are articles
    heard: list[str] = []
    result = train(workspace, recipe=recipe, options=TrainOptions(name="kept", use=True, note=heard.append))
    assert result.record.data.n_sentences == len(starter) - len(kept)
    told = f"{len(kept) + 1} sentences of the test set kept out: {workspace.test_file}"
    assert [note for note in result.notes if "test set" in note] == heard == [told]
    assert not {score.uid for score in read_out_of_fold(result.folder)} & {each.uid for each in kept}
    measured = evaluate_test(workspace)
    assert (measured.guesses, measured.assessment.n_sentences) == ("kept", len(kept))
    train(workspace, recipe=recipe, options=TrainOptions(name="all", use=True, with_test=True))
    with pytest.raises(TrainingError, match="all: it learned from every article of the test set"):
        evaluate_test(workspace)


def test_a_test_set_without_labels_cannot_be_measured_on(workspace: Workspace, sentence: Make) -> None:
    remember(workspace, [sentence("Nobody labelled this.")])
    with pytest.raises(TrainingError, match=r"test\.jsonl: none of its sentences is labelled"):
        evaluate_test(workspace)
