"""Sentences to a real Label Studio, and labels back."""

import json
from pathlib import Path

import pytest

from annotate.annotation import Annotation, LabelledSpan
from annotate.corpus.store import read_records
from end_to_end.user_shell import Annotator, Shell, choices, loaded

ENGLISH = "Critics slammed the reckless scheme."
EMOJI = "😀😀 The 👩‍👩‍👧 regime will fall."
ARABIC = "قال الوزير إن النظام المجرم سيسقط قريبا."


@pytest.fixture
def article(shell: Shell) -> Path:
    path = shell.workspace / "article.txt"
    path.write_text("\n".join([ENGLISH, EMOJI, ARABIC]), "utf-8")
    return path


def labels(shell: Shell) -> list[Annotation]:
    return list(read_records(shell.workspace / "data" / "labels.jsonl", Annotation))


def test_pushing_twice_changes_nothing(shell: Shell, annotator: Annotator, article: Path) -> None:
    assert shell.done("push", article, "--lines").startswith("3 new, 0 unchanged")
    assert shell.done("push", article, "--lines").startswith("0 new, 3 unchanged")
    assert len(annotator.tasks()) == 3


def test_an_article_that_grew_pushes_what_is_new(shell: Shell, annotator: Annotator, article: Path) -> None:
    sentences = shell.workspace / "sentences.jsonl"
    lines = shell.done("ingest", article, "--lines").splitlines(keepends=True)
    sentences.write_text("".join(lines[:1]), "utf-8")
    shell.done("push", sentences)
    sentences.write_text("".join(lines), "utf-8")
    assert shell.done("push", sentences).startswith("2 new, 1 unchanged")
    assert [task["data"]["sentence"] for task in annotator.tasks()] == [ENGLISH, EMOJI, ARABIC]


def test_what_an_annotator_submits_is_pulled_exactly(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article, "--lines")
    annotator.submit(
        annotator.task(ENGLISH), loaded(ENGLISH, "slammed"), loaded(ENGLISH, "reckless"), choices("None of these")
    )
    annotator.submit(annotator.task(EMOJI), loaded(EMOJI, "regime"), choices("Unsourced claim", "Prediction"))
    annotator.submit(annotator.task(ARABIC), loaded(ARABIC, "المجرم"), choices("Prediction"))
    assert shell.done("pull").startswith("3 annotations, 0 skipped")
    by_text = {label.text: label for label in labels(shell)}
    assert [marked(by_text[text]) for text in (ENGLISH, EMOJI, ARABIC)] == [
        ["slammed", "reckless"],
        ["regime"],
        ["المجرم"],
    ]
    assert [by_text[text].answers["claims"] for text in (ENGLISH, EMOJI, ARABIC)] == [
        (),
        ("Unsourced claim", "Prediction"),
        ("Prediction",),
    ]
    assert {(label.origin, label.lead_time, label.annotator.split(":")[0]) for label in by_text.values()} == {
        ("manual", 2.5, "user")
    }


def marked(annotation: Annotation) -> list[str]:
    spans = (item for item in annotation.answers["terms"] if isinstance(item, LabelledSpan))
    return [annotation.text[span.start : span.end] for span in spans]


def test_pulled_sentences_are_those_that_were_pushed(shell: Shell, annotator: Annotator, article: Path) -> None:
    pushed = [json.loads(line) for line in shell.done("ingest", article).splitlines()]
    shell.done("push", article)
    for task in annotator.tasks():
        annotator.submit(task["id"], choices("None of these"))
    shell.done("pull")
    assert [label.sentence.model_dump() for label in labels(shell)] == pushed


def test_skips_contradictions_and_wrong_spans_are_told_and_left_out(
    shell: Shell, annotator: Annotator, article: Path
) -> None:
    shell.done("push", article, "--lines")
    wrong = loaded(EMOJI, "regime")
    wrong["value"]["start"] += 1
    annotator.submit(annotator.task(ENGLISH), choices("None of these", "Prediction"))
    annotator.submit(annotator.task(EMOJI), wrong)
    annotator.submit(annotator.task(ARABIC), was_cancelled=True)
    result = shell.annot("pull")
    assert result.stdout.startswith("0 annotations, 1 skipped")
    assert "'None of these' is answered together with another label" in result.stderr
    assert "'regime' does not stand at" in result.stderr


def test_a_span_alone_leaves_the_other_question_unanswered(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article, "--lines")
    annotator.submit(annotator.task(ENGLISH), loaded(ENGLISH, "reckless"))
    shell.done("pull")
    assert set(labels(shell)[0].answers) == {"terms"}


def test_pulling_follows_changes_and_keeps_what_is_gone(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article, "--lines")
    number = annotator.submit(annotator.task(ENGLISH), choices("Prediction"))
    shell.done("pull")
    annotator.ask("PATCH", f"annotations/{number}/", {"result": [choices("None of these")]})
    shell.done("pull")
    assert labels(shell)[0].answers["claims"] == ()
    annotator.ask("DELETE", f"annotations/{number}/")
    assert "labels.jsonl.before-1" in shell.annot("pull").stderr
    assert labels(shell) == []
    assert len(list(read_records(shell.workspace / "data" / "labels.jsonl.before-1", Annotation))) == 1


def test_a_pull_with_nothing_new_leaves_the_file_untouched(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article, "--lines")
    annotator.submit(annotator.task(ENGLISH), choices("Prediction"))
    shell.done("pull")
    before = (shell.workspace / "data" / "labels.jsonl").stat()
    assert "unchanged" in shell.done("pull")
    after = (shell.workspace / "data" / "labels.jsonl").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_choice_added_to_the_file_reaches_the_annotators(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article, "--lines")
    edit(shell, '<Choice value="Prediction"', '<Choice value="Irony" hotkey="4"/><Choice value="Prediction"')
    assert "run `annot push`" in shell.annot("pull").stderr
    shell.done("push", article, "--lines")
    annotator.submit(annotator.task(ENGLISH), choices("Irony"))
    shell.done("pull")
    assert labels(shell)[0].answers["claims"] == ("Irony",)


def test_a_choice_that_is_answered_cannot_be_taken_away(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article, "--lines")
    annotator.submit(annotator.task(ENGLISH), choices("Prediction"))
    edit(shell, '<Choice value="Prediction" ledger="true" hotkey="2" hint="Says what will or may happen"/>', "")
    refused = shell.annot("push", article, "--lines")
    assert refused.returncode == 1
    assert "1 answer would be lost: 'Prediction' in 'claims' (1); put back" in refused.stderr
    assert 'value="Prediction"' in annotator.project["label_config"]


def edit(shell: Shell, old: str, new: str) -> None:
    """Change the labeling configuration of the workspace."""
    path = shell.workspace / "labeling_config.xml"
    original = path if path.exists() else Path(__file__).parents[2] / path.name
    xml = original.read_text("utf-8")
    assert old in xml
    path.write_text(xml.replace(old, new), "utf-8")


def test_two_pushes_at_once_double_nothing(shell: Shell, annotator: Annotator, article: Path) -> None:
    pushes = [shell.start("push", article, "--lines") for _ in range(2)]
    printed = [push.communicate() for push in pushes]
    assert [push.returncode for push in pushes] == [0, 0], printed
    assert sorted(out.split(":")[0] for out, _ in printed) == [
        "0 new, 3 unchanged, 0 edited, 0 gone",
        "3 new, 0 unchanged, 0 edited, 0 gone",
    ]
    assert len(annotator.tasks()) == 3


def test_a_project_that_is_not_ours_is_left_alone(shell: Shell, annotator: Annotator, article: Path) -> None:
    config = '<View><Text name="t" value="$text"/><TextArea name="a" toName="t"/></View>'
    number = annotator.ask("POST", "projects", {"title": annotator.title, "label_config": config})["id"]
    annotator.ask("POST", f"projects/{number}/import", [{"text": "Somebody else's."}])
    refused = shell.annot("push", article)
    assert refused.returncode == 1
    assert "is not annot's; choose another with --project" in refused.stderr
    assert annotator.project["label_config"] == config


def test_a_codebook_that_changed_reaches_the_annotators(shell: Shell, annotator: Annotator, article: Path) -> None:
    shell.done("push", article)
    (shell.workspace / "codebook.md").write_text("# Be fair", "utf-8")
    shell.done("push", article)
    assert "Be fair" in annotator.project["expert_instruction"]


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [('api_key = "deadbeef"', "the token is refused"), ('url = "http://127.0.0.1:9"', "does not answer")],
)
def test_a_server_that_refuses_or_is_down_is_one_line(
    shell: Shell, article: Path, setting: str, complaint: str
) -> None:
    path = shell.workspace / "annot.toml"
    name = setting.split(" ", maxsplit=1)[0]
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(name)]
    path.write_text("\n".join([*kept, setting]), "utf-8")
    result = shell.annot("push", article)
    assert result.returncode == 1
    assert [line for line in result.stderr.splitlines() if line.startswith("annot:") and complaint in line]
    assert "Traceback" not in result.stderr
    assert "deadbeef" not in result.stderr


def test_pulling_from_a_project_that_is_not_there_says_how_to_make_it(shell: Shell) -> None:
    result = shell.annot("pull")
    assert result.returncode == 1
    assert "make it with `annot push SOURCE`" in result.stderr
    assert not (shell.workspace / "data").exists()
