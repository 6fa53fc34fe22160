"""`annot dataset` writes a corpus as labels that can be read again, and tells what became of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotate.annotation import Annotation
from annotate.cli.main import app
from annotate.config import open_workspace
from annotate.corpus.store import read_records
from annotate.errors import AnnotError, SourceError, StoreError
from annotate.schema import LabelSchema
from annotate.workflow.datasets import Download, convert
from annotate.workflow.labels import read_labels

TABLE = "statement|future|source\nRats will win.|yes|Herald\nRats won.|no|Herald\nRats won.|no|Herald\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "future.csv"
    path.write_text(TABLE, "utf-8")
    return path


def dataset(*words: str | Path) -> str:
    """Run the command, and return what it says on standard error."""
    result = CliRunner().invoke(app, ["dataset", *map(str, words)])
    if result.exception:
        raise result.exception
    return result.stderr


def test_labels_are_written_and_summed_up(corpus: Path, schema: LabelSchema) -> None:
    labels = corpus.with_name("labels.jsonl")
    told = dataset("future-tense", corpus, "-o", labels).splitlines()[-3:]
    assert told == [
        "2 annotations by 1 annotator: 2 sentences in 1 article",
        "Prediction: 1 carry it, 1 do not",
        "repetitions left out: 1",
    ]
    assert read_labels(open_workspace(corpus.parent), [labels], schema) == list(read_records(labels, Annotation))


def test_another_label_can_be_answered(corpus: Path) -> None:
    workspace = open_workspace(corpus.parent)
    converted = convert(workspace, Download("future-tense", corpus, label="Loaded term"))
    assert [annotation.carries for annotation in converted.annotations] == [{"Loaded term": n} for n in (True, False)]


def test_labels_of_another_schema_are_refused(corpus: Path, schema: LabelSchema) -> None:
    labels = corpus.with_name("labels.jsonl")
    dataset("future-tense", corpus, "-o", labels)
    other = LabelSchema.parse(schema.xml.replace("Prediction", "Forecast"))
    with pytest.raises(SourceError, match="no question has the label 'Prediction'; the labels are of another schema"):
        read_labels(open_workspace(corpus.parent), [labels], other)


def test_the_corpus_is_never_overwritten(corpus: Path) -> None:
    with pytest.raises(StoreError, match="belongs to the corpus"):
        dataset("future-tense", corpus, "-o", corpus)
    with pytest.raises(StoreError, match="belongs to the corpus"):
        dataset("future-tense", corpus.parent, "-o", corpus)
    assert corpus.read_text("utf-8") == TABLE


@pytest.mark.parametrize("name", ["labels", "gold", "test", "verdicts"])
def test_what_people_did_in_the_workspace_is_never_overwritten(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(corpus.parent)
    labels = corpus.parent / "data" / f"{name}.jsonl"
    labels.parent.mkdir()
    labels.write_text("by people\n", "utf-8")
    with pytest.raises(StoreError, match=f"{name}.jsonl: holds what people did in this workspace; write to"):
        dataset("future-tense", corpus, "-o", labels)
    assert labels.read_text("utf-8") == "by people\n"


def test_nothing_is_written_where_nothing_was_found(corpus: Path) -> None:
    corpus.write_text("statement|future|source\nRats will win.|perhaps|Herald\n", "utf-8")
    with pytest.raises(AnnotError, match="no labelled sentence in it; check that it is future-tense"):
        dataset("future-tense", corpus, "-o", corpus.with_name("labels.jsonl"))
    assert not corpus.with_name("labels.jsonl").exists()


def test_sentences_outside_attributions_are_left_out_on_request(tmp_path: Path) -> None:
    for name, text in (("text/harbour.txt", "Rats won.\n"), ("attributions/harbour_4e07.ann", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert "Unsourced claim: 1 carry it, 0 do not" in dataset("polnear", tmp_path)
    with pytest.raises(SourceError, match="no labelled sentence in it; check that it is polnear"):
        dataset("polnear", tmp_path, "--attributed")
