"""`annot profile`, and the formats of `annot score`, as their users meet them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from annotate.annotation import Annotation, Scores
from annotate.cli.main import app
from annotate.config import open_workspace
from annotate.corpus.store import read_records, write_records
from annotate.errors import AnnotError, SourceError
from annotate.schema import LabelSchema
from annotate.scoring.source_records import SourceProfile, SourceProfiles
from benchmarks.profiles.made_up import scores as made_up

ARTICLE = "The Harbour Plan\n\nBy Ann Smith\n\nThe brutal regime will fall. Its army has lost its tanks."


def annot(*words: str | Path) -> Result:
    """Run a command; what a user can mend is raised."""
    result = CliRunner().invoke(app, list(map(str, words)))
    if isinstance(result.exception, AnnotError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def scores(tmp_path: Path, schema: LabelSchema) -> Path:
    """Give a file of scores: 40 articles of two outlets."""
    write_records(tmp_path / "scores.jsonl", made_up(40, schema, n_outlets=2, n_sentences=5))
    return tmp_path / "scores.jsonl"


@pytest.fixture
def profiles(scores: Path, tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes profiles of the scores to a file, in the format of its ending."""

    def make(name: str, *options: str) -> Path:
        annot("-w", tmp_path, "profile", scores, "-o", tmp_path / name, *options)
        return tmp_path / name

    return make


def test_the_comparison_is_a_page_of_its_own(profiles: Callable[..., Path], scores: Path, tmp_path: Path) -> None:
    page = profiles("comparison.html", "--compare").read_text("utf-8")
    assert "<h1>Comparison by outlet</h1>" in page
    assert "Differences in percentage points" in page
    refused = CliRunner().invoke(app, ["-w", str(tmp_path), "profile", str(scores), "--compare"])
    assert refused.exit_code == 2
    assert "is a page: name one with -o FILE.html" in refused.output


def test_the_files_ending_chooses_the_format(profiles: Callable[..., Path]) -> None:
    document = SourceProfiles.model_validate_json(profiles("sources.json").read_bytes())
    assert [source.n_articles for source in document.sources] == [20, 20]
    lines = list(read_records(profiles("sources.jsonl"), SourceProfile))
    assert lines == list(document.sources)
    rows = list(csv.DictReader(profiles("sources.csv").read_text("utf-8").splitlines()))
    table = parquet.read_table(profiles("sources.parquet")).to_pylist()
    of_labels = [(source.name, label) for source in document.sources for label in source.labels]
    assert [(row["source"], row["label"], float(row["share"])) for row in rows] == [
        (name, label.label, label.share.value) for name, label in of_labels
    ]
    assert [(row["n_decided"], row["share_low"]) for row in table] == [
        (label.n_decided, label.share.low) for _, label in of_labels
    ]
    assert "| Loaded term |" in profiles("sources.md").read_text("utf-8")
    assert len(json.loads(profiles("sources.jsonld").read_text("utf-8"))["observations"]) == len(of_labels)
    page = profiles("sources.html").read_text("utf-8")
    assert page.count('<section class="source-profile"') == 2
    assert 'href="#a1-s' in page


def test_a_terminal_is_told_shares_with_intervals_and_limits(scores: Path, tmp_path: Path) -> None:
    shown = annot("-w", tmp_path, "profile", scores).stdout
    assert "Outlet 1\n20 articles, 100 sentences" in shown
    assert "Style is not truth" in shown


def test_too_few_articles_are_said_to_be_too_few(scores: Path, tmp_path: Path) -> None:
    shown = annot("-w", tmp_path, "profile", scores, "--minimum", "21").stdout
    assert shown.count("too few to say: a profile takes 21 articles") == 2


def test_notes_are_told_beside_data(profiles: Callable[..., Path], tmp_path: Path, scores: Path) -> None:
    result = annot("-w", tmp_path, "profile", scores, "-f", "json")
    assert "note: how the model errs is not known" in result.stderr
    assert json.loads(result.stdout)["notes"]


@pytest.mark.parametrize("by", ["author", "month"])
def test_sources_can_be_authors_or_months(scores: Path, tmp_path: Path, by: str) -> None:
    result = annot("-w", tmp_path, "profile", scores, "-f", "json", "--by", by, "--minimum", "2")
    document = SourceProfiles.model_validate_json(result.stdout)
    assert document.by == by
    assert sum(source.n_articles for source in document.sources) == 40


def test_scores_of_two_models_are_refused(scores: Path, tmp_path: Path) -> None:
    others = [score.model_copy(update={"model": "other"}) for score in read_records(scores, Scores)]
    write_records(tmp_path / "others.jsonl", others)
    with pytest.raises(SourceError, match="scores of two models, 'starter' and 'other'"):
        annot("-w", tmp_path, "profile", scores, tmp_path / "others.jsonl")


def test_scores_and_articles_together_are_refused(scores: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    with pytest.raises(SourceError, match="cannot be profiled together"):
        annot("-w", tmp_path, "profile", scores, tmp_path / "a.txt")


def test_a_broken_line_of_scores_is_named(scores: Path, tmp_path: Path) -> None:
    lines = scores.read_text("utf-8").splitlines()
    scores.write_text("\n".join([*lines[:3], '{"decided": []}']), "utf-8")
    with pytest.raises(SourceError, match="line 4"):
        annot("-w", tmp_path, "profile", scores)


def test_articles_are_scored_and_profiled_in_one_go_as_their_scores_are(trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"{ARTICLE} Day {number}.", "utf-8")
    options = ("--by", "author", "--minimum", "2", "-f", "json")
    at_once = annot("-w", trained, "profile", folder, *options)
    annot("-w", trained, "score", folder, "-o", tmp_path / "scores.jsonl")
    in_two = annot("-w", trained, "profile", tmp_path / "scores.jsonl", *options)
    document = SourceProfiles.model_validate_json(at_once.stdout)
    assert document == SourceProfiles.model_validate_json(in_two.stdout)
    (source,) = document.sources
    assert (source.name, source.n_articles) == ("Ann Smith", 3)
    assert all(label.adjusted_share is not None for label in source.labels)


def test_a_persons_label_takes_the_place_of_the_models(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, "utf-8")
    annot("-w", trained, "score", tmp_path / "a.txt", "-o", tmp_path / "scores.jsonl")
    score = next(score for score in read_records(tmp_path / "scores.jsonl", Scores) if score.section == "body")
    answer = Annotation(**dict(score.sentence), annotator="user:1", answers={"claims": ()}, origin="manual")
    write_records(tmp_path / "labels.jsonl", [answer])
    words = ("-w", trained, "score", tmp_path / "a.txt", "--labels", tmp_path / "labels.jsonl")
    (profile,) = json.loads(annot(*words, "-f", "json").stdout)["profiles"]
    assert profile["n_by_people"] == 1
    assert [label["n_by_people"] for label in profile["labels"]] == [0, 1, 1]


def test_the_models_errors_are_known_by_article_where_its_labels_are_at_hand(trained: Path) -> None:
    from annotate.models.training_record import read_training_record
    from annotate.workflow.evidence import load_evidence

    workspace = open_workspace(trained)
    folder = workspace.models / "tiny"
    schema = LabelSchema.read(workspace.schema_file)
    errors = load_evidence(workspace, schema, folder).errors
    evaluation = read_training_record(folder).evaluation
    assert evaluation is not None
    for label, confusion in errors.items():
        assert confusion.n_positive == evaluation[label].n_positive
        assert confusion.n_found == evaluation[label].sentences.true_positive
        assert confusion.n_alarms == evaluation[label].sentences.false_positive
    assert any(confusion.negative_effect > 1 for confusion in errors.values())


@pytest.mark.parametrize("command", ["profile", "score", "ledger"])
@pytest.mark.parametrize("output", [[], ["-o", "-"]], ids=" ".join)
def test_opening_takes_a_file_and_says_so_before_anything_is_read(
    tmp_path: Path, command: str, output: list[str]
) -> None:
    words = ["-w", str(tmp_path), command, str(tmp_path / "nowhere.txt"), "--open", *output]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code == 2
    assert "Invalid value for --open: shows a file; name one with -o" in refused.output
    assert "nowhere.txt" not in refused.output
