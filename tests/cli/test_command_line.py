"""The command line as its users meet it: exit codes, one line for what they can mend, and data on standard output."""

import csv
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import forked
import pytest
import typer
from rich.console import Console
from scoring.scored import Page
from typer.testing import CliRunner

from annotate.__main__ import main
from annotate.annotation import Annotation, Scores
from annotate.article import Article, Sentence
from annotate.cli.main import app
from annotate.cli.tables import models_table
from annotate.config import open_workspace
from annotate.corpus.store import write_records
from annotate.models.training_record import Recipe
from annotate.quality.label_errors import Suspect
from annotate.workflow.model import list_models

Done = subprocess.CompletedProcess[str]
TEXT = "The brutal regime will fall. Its army has lost 80 percent of its tanks!"
SENTENCES = ["The brutal regime will fall.", "Its army has lost 80 percent of its tanks!"]
WITHOUT_TORCH = """
import sys
from annotate.__main__ import main
sys.argv = ["annot", *sys.argv[1:]]
try:
    main()
finally:
    assert not {"torch", "transformers", "sklearn", "label_studio_sdk"} & set(sys.modules)
"""


def run(*words: str | Path, cwd: Path, given: str = "", before: str = "", **environment: str) -> Done:
    """Run the command in a folder, with some settings in its environment, after a line of shell if there is one."""
    if not before:
        return forked.annot(words, os.environ | environment, cwd, given)
    command = ["sh", "-c", f'{before}\nexec "$@"', "sh", sys.executable, "-m", "annotate", *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, input=given, env=os.environ | environment, capture_output=True, text=True, check=False
    )


def refusal(done: Done) -> str:
    """Return the one line by which a command refused."""
    assert (done.returncode, done.stdout) == (1, ""), done
    (line,) = done.stderr.splitlines()
    assert line.startswith("annot: ")
    return line


def sentences(lines: str) -> list[Sentence]:
    return [Sentence.model_validate_json(line) for line in lines.splitlines()]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def scored(article: Path, trained: Path) -> Callable[..., Done]:
    """Give a function that scores the article with the tiny model."""
    return lambda *options: run("-w", trained, "score", article, *options, cwd=article.parent)


def _commands(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield a command and all below it, by what is typed, each with its help."""
    yield path, getattr(command, "help", None) or ""
    for name, each in getattr(command, "commands", {}).items():
        yield from _commands(each, (*path, name))


ALL = dict(_commands(typer.main.get_command(app)))
assert ("models", "use") in ALL


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_command_has_help(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["annot", *command, "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert ALL[command]
    assert f"Usage: {' '.join(('annot', *command))}" in capsys.readouterr().out


GROUPS = {path for path in ALL for others in ALL if others[:-1] == path and others}


@pytest.mark.parametrize("group", sorted(GROUPS), ids=" ".join)
def test_what_a_command_does_is_told_whole_in_the_list_of_them(group: tuple[str, ...]) -> None:
    shown = " ".join(CliRunner().invoke(app, [*group, "--help"]).output.partition("Commands:")[2].split())
    assert "..." not in shown
    for command, text in ALL.items():
        if command and command[:-1] == group:
            assert " ".join([command[-1], *text.partition("\n\n")[0].split()]) in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ledger", "a.txt", "--today", "2026-13-01"], "'2026-13-01' is not a day of the form YYYY-MM-DD"),
        (["ledger", "a.txt", "--today", "soon"], "'soon' is not a day of the form YYYY-MM-DD"),
        (["score", "a.txt", "-f", "xml"], "'xml' is not one of 'table', "),
        (["ledger", "record", "--by", "town"], "'town' is not one of 'outlet', 'author'"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_plain_words(words: list[str], message: str) -> None:
    refused = CliRunner().invoke(app, words)
    assert (refused.exit_code, "%Y" in refused.output) == (2, False)
    assert f"': {message}" in refused.output


def test_the_form_of_a_day_is_in_the_help() -> None:
    assert "--today YYYY-MM-DD" in CliRunner().invoke(app, ["ledger", "show", "--help"]).output


@pytest.mark.parametrize(
    "words",
    [["--help"], ["ingest", "article.txt"], ["score", "article.txt"], ["agreement"], ["evaluate"]],
    ids=" ".join,
)
def test_what_is_run_often_does_not_load_what_is_slow_to_load(article: Path, trained: Path, words: list[str]) -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH, "-w", str(trained), *words]
    done = subprocess.run(command, cwd=article.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert done.stdout


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--skip-near-duplicates", ["--engine", "ray"]),
        ("--address", ["auto"]),
        *(("--labels", ["labels.jsonl", "-f", format_]) for format_ in ("jsonl", "csv", "parquet")),
        ("--labels", ["labels.jsonl", "--engine", "ray"]),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(
    article: Path, trained: Path, option: str, words: list[str]
) -> None:
    done = run("-w", trained, "score", article, "-o", "scores", option, *words, cwd=article.parent)
    assert (done.returncode, f"Invalid value for {option}: " in done.stderr) == (2, True)


@pytest.mark.parametrize(
    "words", [[], ["paint"], ["ingest"], ["ingest", "--colour", "a.txt"], ["score", "-f", "pdf", "a.txt"]], ids=" ".join
)
def test_wrong_usage_exits_with_2_and_says_so_on_standard_error(tmp_path: Path, words: list[str]) -> None:
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert "Usage: annot" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b" \n", "empty.txt: empty"),
        ("binary.txt", b"\x00\x01\x02" * 99, "binary.txt: binary"),
        ("photo.txt", b"\x89PNG\r\n", "photo.txt: a PNG image"),
        ("broken.jsonl", b"{}\n", "broken.jsonl: no column 'text'"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in refusal(run("ingest", name, cwd=tmp_path))


@pytest.mark.parametrize("format_", ["json", "html", "table"])
def test_agreement_is_written_as_the_ending_of_the_file_says(trained: Path, tmp_path: Path, format_: str) -> None:
    done = run("-w", trained, "agreement", "-o", f"report.{format_}", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    begins = {"json": "{\n", "html": "<!DOCTYPE html>", "table": "62 sentences of 5 articles, 1 annotator\n"}
    assert (tmp_path / f"report.{format_}").read_text("utf-8").startswith(begins[format_])


@pytest.mark.parametrize("command", ["agreement", "adjudicate"])
def test_labels_that_are_not_there_are_refused(tmp_path: Path, command: str) -> None:
    assert "no labels; label sentences in Label Studio" in refusal(run(command, cwd=tmp_path))
    line = refusal(run(command, "missing.jsonl", cwd=tmp_path))
    assert line == "annot: missing.jsonl: does not exist; check the path"


def test_labels_of_another_kind_are_refused_in_plain_words(article: Path) -> None:
    there = article.parent
    run("ingest", article, "-o", "a.jsonl", cwd=there)
    line = refusal(run("agreement", "a.jsonl", cwd=there))
    assert line == "annot: a.jsonl, line 1: not a record of kind 'annotation': 'annotator' is missing"
    line = refusal(run("agreement", article.name, cwd=there))
    assert line == "annot: article.txt, line 1: not a record of kind 'annotation': not JSON"


@pytest.mark.parametrize("command", ["ingest", "score"])
def test_a_source_that_is_not_there_is_refused(trained: Path, tmp_path: Path, command: str) -> None:
    line = refusal(run("-w", trained, command, "missing.txt", cwd=tmp_path))
    assert line == "annot: missing.txt: does not exist; check the path"


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "folder: no articles in this folder" in refusal(run("ingest", "folder", cwd=tmp_path))


def test_without_a_model_the_way_to_one_is_told(article: Path) -> None:
    assert "no model yet; make one with `annot train`" in refusal(run("score", article, cwd=article.parent))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("config.json", "{", "config.json: broken"),
        ("model.onnx", "", "model.onnx: a damaged export; delete export.json"),
        ("tokenizer.json", "{}", "tokenizer.json: not a tokenizer"),
        ("labeling_config.xml", "<View/>", "labeling_config.xml: "),
        ("labeling_config.xml", None, "not a trained model: labeling_config.xml is missing"),
    ],
)
def test_a_broken_model_is_refused(article: Path, trained: Path, name: str, content: str | None, message: str) -> None:
    folder = article.parent / "models" / "v1"
    folder.mkdir(parents=True)
    for path in (trained / "models" / "tiny").iterdir():
        (folder / path.name).hardlink_to(path)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, "utf-8")
    assert message in refusal(run("score", "-m", "v1", "--precision", "full", article, cwd=article.parent))


def test_labels_of_another_schema_are_refused(
    trained: Path,
    tmp_path: Path,
    annotation: Callable[..., Annotation],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_records(tmp_path / "labels.jsonl", [annotation("Rats.", {"mood": ("Sad",)})])
    # In this process, since another would take seconds to load torch.
    monkeypatch.setattr(sys, "argv", ["annot", "-w", str(trained), "train", "--labels", str(tmp_path / "labels.jsonl")])
    with pytest.raises(SystemExit) as ended:
        main()
    line = refusal(Done(sys.argv, int(ended.value.code or 0), *capsys.readouterr()))
    assert "has no question 'mood'; the labels are of another schema" in line


def test_without_labels_the_way_to_some_is_told(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").touch()
    line = refusal(run("-w", trained, "evaluate", "--labels", tmp_path / "labels.jsonl", cwd=tmp_path))
    assert "labels.jsonl: no labels; label sentences in Label Studio" in line


def test_a_labeling_configuration_without_a_text_is_refused(article: Path, trained: Path) -> None:
    (article.parent / "labeling_config.xml").write_text("<View/>", "utf-8")
    done = run("score", "-m", trained / "models" / "tiny", article, cwd=article.parent)
    assert "labeling_config.xml: one <Text" in refusal(done)


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "annot.toml").write_text('colour = "red"', "utf-8")
    assert "annot.toml: no such setting: 'colour'" in refusal(run("models", cwd=tmp_path))


def test_there_is_nothing_to_pull_into_a_fresh_workspace(tmp_path: Path) -> None:
    assert "nothing was pushed from here yet" in refusal(run("pull", cwd=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_started_to_choose_from_in_a_fresh_workspace(trained: Path, tmp_path: Path) -> None:
    line = refusal(run("next", "-m", trained / "models" / "tiny", cwd=tmp_path))
    assert line == f"annot: {tmp_path}: nothing was pushed from here yet; begin with `annot push SOURCE`"
    assert list(tmp_path.iterdir()) == []


def test_nobody_has_an_account_in_a_fresh_workspace(tmp_path: Path) -> None:
    done = run("annotators", "list", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "no accounts yet; make one with `annot annotators add NAME`\n")
    assert list(tmp_path.iterdir()) == []


def test_a_server_without_a_token_is_refused(tmp_path: Path) -> None:
    line = refusal(run("pull", cwd=tmp_path, LABEL_STUDIO_URL="http://127.0.0.1:9"))
    assert "a token is needed; set LABEL_STUDIO_API_KEY" in line


def test_a_server_that_does_not_answer_is_told_and_the_token_is_not(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        line = refusal(run("pull", cwd=tmp_path, LABEL_STUDIO_URL=url, LABEL_STUDIO_API_KEY="of-my-account"))
    assert f"{url}: Label Studio does not answer" in line
    assert "of-my-account" not in line


def test_an_unknown_model_cannot_be_used(trained: Path, tmp_path: Path) -> None:
    assert "no model is named 'v9'" in refusal(run("-w", trained, "models", "use", "v9", cwd=tmp_path))


@pytest.mark.parametrize("command", ["ingest", "score"])
def test_one_bad_source_does_not_keep_the_good_ones(article: Path, trained: Path, command: str) -> None:
    done = run("-w", trained, command, "missing.txt", article, "missing.jsonl", cwd=article.parent)
    assert done.returncode == 1
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == SENTENCES
    told = [line for line in done.stderr.splitlines() if line.startswith("annot: ")]
    assert [line.split(": ")[1] for line in told[:2]] == ["missing.txt", "missing.jsonl"]
    assert told[2:] == ["annot: 2 sources could not be read; the rest is done"]


def test_a_dash_reads_standard_input(tmp_path: Path) -> None:
    done = run("ingest", "-", cwd=tmp_path, given=TEXT)
    assert (done.returncode, [each.text for each in sentences(done.stdout)]) == (0, SENTENCES)


def test_lines_are_taken_for_sentences(tmp_path: Path) -> None:
    done = run("ingest", "--lines", "-", cwd=tmp_path, given=f"{TEXT}\n\nno full stop\n")
    assert [each.text for each in sentences(done.stdout)] == [TEXT, "no full stop"]


def test_articles_are_given_as_they_are(article: Path) -> None:
    done = run("ingest", "--articles", article, cwd=article.parent)
    assert Article.model_validate_json(done.stdout).text == TEXT


def test_sentences_that_were_written_are_scored_under_their_own_uids(article: Path, trained: Path) -> None:
    there = article.parent
    assert run("ingest", article, "-o", "a.jsonl", cwd=there).stdout == ""
    written = sentences((there / "a.jsonl").read_text("utf-8"))
    of_file = run("-w", trained, "score", "a.jsonl", cwd=there)
    of_input = run("-w", trained, "score", "-", cwd=there, given=(there / "a.jsonl").read_text("utf-8"))
    scores = [Scores.model_validate_json(line) for line in of_file.stdout.splitlines()]
    assert [score.uid for score in scores] == [sentence.uid for sentence in written]
    assert of_file.stdout == of_input.stdout


def test_scores_are_lines_of_json_unless_asked_for_otherwise(scored: Callable[..., Done]) -> None:
    done = scored()
    assert [Scores.model_validate_json(line).text for line in done.stdout.splitlines()] == SENTENCES
    assert done.stdout == scored("-f", "jsonl").stdout


def test_scores_can_be_one_json_document(scored: Callable[..., Done]) -> None:
    document = json.loads(scored("-f", "json").stdout)
    assert [sentence["text"] for sentence in document["sentences"]] == SENTENCES
    assert document["profiles"][0]["n_sentences"] == 2


def test_scores_can_be_a_table_for_spreadsheets(scored: Callable[..., Done]) -> None:
    rows = list(csv.DictReader(io.StringIO(scored("-f", "csv").stdout)))
    assert [row["text"] for row in rows] == SENTENCES
    assert all(0 <= float(row["probability: Prediction"]) <= 1 for row in rows)


def test_scores_can_be_a_page(scored: Callable[..., Done]) -> None:
    page = Page(scored("-f", "html").stdout)
    assert [word for word in ("brutal", "regime", "percent") if word not in page.text] == []


def test_scores_can_be_a_table_to_be_read(scored: Callable[..., Done]) -> None:
    shown = scored("-f", "table").stdout
    assert "brutal" in shown
    assert "\x1b" not in shown


def test_the_files_ending_chooses_the_format(scored: Callable[..., Done], tmp_path: Path) -> None:
    done = scored("-o", tmp_path / "scores.csv")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "scores.csv").read_text("utf-8") == scored("-f", "csv").stdout


def test_a_full_disk_leaves_the_old_output_alone(article: Path) -> None:
    output = article.parent / "a.jsonl"
    output.write_text("old", "utf-8")
    line = refusal(run("ingest", article, "-o", output, cwd=article.parent, before="ulimit -f 0"))
    assert "a.jsonl: cannot be written" in line
    assert output.read_text("utf-8") == "old"
    assert sorted(article.parent.iterdir()) == [output, article]


def test_an_output_that_would_not_change_is_left_untouched(article: Path) -> None:
    output = article.parent / "a.jsonl"
    run("ingest", article, "-o", output, cwd=article.parent)
    before = output.stat()
    assert run("ingest", article, "-o", output, cwd=article.parent).returncode == 0
    assert (output.stat().st_ino, output.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_model_in_use_is_listed(trained: Path, tmp_path: Path) -> None:
    done = run("-w", trained, "models", cwd=tmp_path)
    assert any(line.split()[:2] == ["*", "tiny"] for line in done.stdout.splitlines())


def test_models_are_told_by_their_whole_names_and_in_one_line_where_there_is_no_terminal(trained: Path) -> None:
    listed = list_models(open_workspace(trained))
    base = "[old] encoder/[/b]"
    record = listed[0].record
    assert record is not None
    named = replace(
        listed[0], name="a-model-with-a-name", record=record.model_copy(update={"recipe": Recipe(base=base)})
    )
    for width in (80, 160):
        console = Console(width=width)
        with console.capture() as capture:
            console.print(models_table([named]))
        assert "a-model-with-a-name" in capture.get()
        assert "…" not in capture.get()
    assert base in capture.get()


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout.startswith("annot ")


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full to stand for a full disk")


@FULL
@pytest.mark.parametrize(
    "words",
    [
        ["ingest", "article.txt"],
        ["ingest", "--articles", "article.txt"],
        ["score", "article.txt"],
        ["score", "-f", "html", "article.txt"],
        ["models"],
        ["evaluate"],
        ["studio", "status"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_standard_output_that_is_full_is_told_in_a_line(article: Path, trained: Path, words: list[str]) -> None:
    done = run("-w", trained, *words, cwd=article.parent, before="exec >/dev/full")
    *progress, line = done.stderr.splitlines()
    assert (done.returncode, line) == (1, "annot: standard output: cannot be written: No space left on device")
    assert "Traceback (most recent call last):" not in progress


def test_an_error_that_is_not_of_standard_output_is_not_told_as_one(tmp_path: Path) -> None:
    late = "@app.command()\ndef late():\n    raise TimeoutError('nobody answers')"
    code = f"from annotate.__main__ import app, main\n{late}\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, "late"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "TimeoutError: nobody answers")


@FULL
def test_an_output_that_is_a_full_device_is_told(article: Path) -> None:
    line = refusal(run("ingest", article, "-o", "/dev/full", cwd=article.parent))
    assert "/dev/full: cannot be written: No space left on device" in line


@pytest.mark.parametrize("words", [["ingest"], ["score", "-f", "csv"], ["score", "-f", "html"]], ids=" ".join)
def test_data_is_utf_8_whatever_the_terminal_is(tmp_path: Path, trained: Path, words: list[str]) -> None:
    text = "“Наш” 😀 regime will fall."
    (tmp_path / "a.txt").write_text(text, "utf-8")
    done = run("-w", trained, *words, "a.txt", cwd=tmp_path, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, "annot: " in done.stderr) == (0, False)
    assert all(word in done.stdout for word in ("Наш", "😀", "regime"))


def test_a_name_that_the_terminal_cannot_show_is_told_all_the_same(tmp_path: Path) -> None:
    line = refusal(run("ingest", "статья.txt", cwd=tmp_path, PYTHONIOENCODING="ascii"))
    assert line.endswith(": does not exist; check the path")


@pytest.mark.parametrize("ending", ["", ".jsonl"])
def test_a_source_with_a_name_that_is_too_long_is_refused(tmp_path: Path, ending: str) -> None:
    assert "cannot be read: File name too long" in refusal(run("ingest", "a" * 300 + ending, cwd=tmp_path))


@pytest.mark.parametrize("name", ["m" * 300, "m/" * 150])
def test_a_model_with_a_name_that_is_too_long_is_refused(article: Path, name: str) -> None:
    assert "no such model" in refusal(run("score", "-m", name, article, cwd=article.parent))


@pytest.mark.parametrize("output", ["article.txt", "./article.txt", "link.txt", "hard.txt"])
def test_a_source_is_not_overwritten(article: Path, output: str) -> None:
    (article.parent / "link.txt").symlink_to(article)
    (article.parent / "hard.txt").hardlink_to(article)
    line = refusal(run("ingest", "article.txt", "-o", output, cwd=article.parent))
    assert line.endswith(f"{Path(output)}: is one of the sources, or in one; write to another file")
    assert article.read_text("utf-8") == TEXT


def test_a_file_of_a_folder_that_is_a_source_is_not_overwritten(article: Path) -> None:
    done = run("ingest", article.parent, "-o", article, cwd=article.parent)
    assert article.read_text("utf-8") == TEXT, done


def test_what_a_folder_of_sources_holds_beside_articles_may_be_written_again(article: Path) -> None:
    output = article.parent / "sentences.jsonl"
    for _ in range(2):
        done = run("ingest", article.parent, "-o", output, cwd=article.parent)
        assert done.returncode == 0, done.stderr
    assert done.stderr == f"{output}: records of sentences, left out; give its own path to read them\n"


def test_other_records_at_standard_input_are_refused(scored: Callable[..., Done], tmp_path: Path) -> None:
    line = refusal(run("ingest", "-", cwd=tmp_path, given=scored("-f", "jsonl").stdout))
    assert line.startswith("annot: standard input, line 1: not a record of kind 'sentence': ")


def test_nothing_at_standard_input_is_refused(tmp_path: Path) -> None:
    assert refusal(run("ingest", "-", cwd=tmp_path)).startswith("annot: standard input: empty")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into a read-only folder")
@pytest.mark.parametrize("words", [["studio", "start"], ["train"], ["ingest", "-", "-o", "a.jsonl"]], ids=" ".join)
def test_a_workspace_that_is_read_only_is_told(tmp_path: Path, words: list[str]) -> None:
    tmp_path.chmod(0o555)
    done = run(*words, cwd=tmp_path, given=TEXT)
    tmp_path.chmod(0o755)
    assert "cannot be written: Permission denied" in refusal(done)


@pytest.mark.parametrize("where", ["option", "environment", "file"])
def test_a_password_in_an_address_is_refused_and_not_repeated(tmp_path: Path, where: str) -> None:
    url = "http://me:s3cret@127.0.0.1:9"
    if where == "file":
        (tmp_path / "annot.toml").write_text(f'url = "{url}"', "utf-8")
    words = ["pull", "--url", url] if where == "option" else ["models"]
    line = refusal(run(*words, cwd=tmp_path, ANNOT_URL=url if where == "environment" else ""))
    assert line.startswith("annot: setting 'url': leave name and password out of the address")
    assert "s3cret" not in line


@pytest.mark.parametrize("token", ["tokén", "to ken", "to\nken", "“token”"])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(tmp_path: Path, token: str) -> None:
    line = refusal(run("models", cwd=tmp_path, LABEL_STUDIO_API_KEY=token))
    assert line == "annot: setting 'api_key': not a token; copy it again from Label Studio's account page"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_command_that_is_ended_from_outside_leaves_no_file(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "annotate", "ingest", "-", "-o", "a.jsonl"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, text=True, stdin=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(TEXT)
        process.stdin.flush()
        while any(fcntl.ioctl(process.stdin, termios.FIONREAD, bytes(4))):  # bytes that it has not read yet
            time.sleep(0.02)
        process.send_signal(number)
        assert process.wait(30) > 0
        assert "Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_that_comes_in_a_callback_is_not_lost() -> None:
    interrupted = """
import signal, time
from annotate import __main__

class Interrupted:
    def __del__(self): signal.raise_signal(signal.SIGINT)

def work(**_):
    Interrupted()
    time.sleep(20)

__main__.app = work
__main__.main()
print("lost")
"""
    done = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (-signal.SIGINT, "")


def test_figures_are_written_as_json_and_as_a_page(trained: Path, tmp_path: Path) -> None:
    found = json.loads(run("-w", trained, "evaluate", "-f", "json", cwd=tmp_path).stdout)
    assert [label["label"] for label in found["assessment"]["labels"]] == [
        "Loaded term",
        "Unsourced claim",
        "Prediction",
    ]
    done = run("-w", trained, "evaluate", "-f", "html", "-o", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "<svg" in (tmp_path / "page.html").read_text("utf-8")


def test_two_models_are_set_side_by_side(trained: Path, tmp_path: Path) -> None:
    lines = run("-w", trained, "evaluate", "--compare", "tiny", cwd=tmp_path).stdout.splitlines()
    assert ["label", "figure", "tiny", "tiny", "difference", "from", "to", "p"] in [line.split() for line in lines]


def test_answers_in_doubt_are_records_with_what_is_suggested(trained: Path, tmp_path: Path) -> None:
    done = run("-w", trained, "review", "--limit", "3", cwd=tmp_path)
    assert [Suspect.model_validate_json(line).question for line in done.stdout.splitlines()]
    assert len(done.stdout.splitlines()) == 3
    assert "answers in doubt" in done.stderr
    table = run("-w", trained, "review", "--limit", "3", "-f", "table", cwd=tmp_path).stdout
    assert "in doubt because" in table


def test_what_suggestions_do_is_said_in_sentences(
    trained: Path, tmp_path: Path, annotation: Callable[..., Annotation]
) -> None:
    labels = [annotation(text, {"claims": ()}, origin="prediction", article=text) for text in SENTENCES]
    write_records(tmp_path / "labels.jsonl", labels)
    done = run("-w", trained, "anchoring", "--labels", tmp_path / "labels.jsonl", cwd=tmp_path)
    assert done.stdout.startswith("100 % of the shown suggestions")
    assert "too few to say (2 with a suggestion, 0 without)" in done.stdout


def test_finding_answers_in_doubt_loads_neither_torch_nor_the_sdk(trained: Path, tmp_path: Path) -> None:
    script = WITHOUT_TORCH.replace('"sklearn", ', "")
    command = [sys.executable, "-c", script, "-w", str(trained), "review", "--limit", "1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
