"""A stopped run continues to the same bytes, and nothing that was computed is lost."""

import json
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import IO

import pytest

from annotate.annotation import Scores
from annotate.config import open_workspace
from annotate.corpus.store import read_records
from annotate.corpus.unfinished import Unfinished
from annotate.errors import ModelError, SourceError, StoreError
from annotate.inference.engine import Model
from annotate.inference.graphs import Engine
from annotate.models.exports import Precision
from annotate.workflow.articles import Listeners, streamed_articles
from annotate.workflow.score import Run, load_chosen


@pytest.fixture(scope="module")
def model(trained: Path) -> Model:
    return load_chosen(open_workspace(trained))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Give a table of articles with forty sentences each, no two of which are alike."""
    path = tmp_path / "corpus.jsonl"
    articles = (
        {"id": n, "text": " ".join(f"The council met {n} times in hall {m}." for m in range(40))} for n in range(200)
    )
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
    return path


def run_of(model: Model, trained: Path, *sources: Path, listeners: Listeners | None = None) -> Run:
    documents = streamed_articles(open_workspace(trained), [str(source) for source in sources], None, listeners)
    return Run(model, documents, None, listeners or Listeners())


def command(trained: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "annotate", "-w", str(trained), "score", *map(str, words)]


def the_part(folder: Path) -> Path:
    (part,) = folder.glob("scores.jsonl.*.part")
    return part


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_was_stopped_continues_to_the_same_bytes(
    trained: Path, corpus: Path, tmp_path: Path, how: signal.Signals
) -> None:
    whole, output = tmp_path / "whole.jsonl", tmp_path / "scores.jsonl"
    subprocess.run(command(trained, corpus, "-o", whole), check=True)
    stopped = subprocess.Popen(command(trained, corpus, "-o", output), stderr=subprocess.PIPE, text=True)
    while not any(part.stat().st_size for part in tmp_path.glob("scores.jsonl.*.part")):
        assert stopped.poll() is None
        time.sleep(0.02)
    stopped.send_signal(how)
    _, told = stopped.communicate()
    assert stopped.returncode != 0
    assert not output.exists()
    assert ("go on with --resume" in told) == (how != signal.SIGKILL)
    kept = the_part(tmp_path).read_bytes()
    assert 0 < len(kept) < whole.stat().st_size
    subprocess.run(command(trained, corpus, "-o", output, "--resume"), check=True)
    assert output.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def feed(pipe: IO[str], lines: Sequence[str], seen: Event) -> None:
    pipe.writelines(lines)
    pipe.flush()
    seen.wait()
    pipe.close()


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_scores_of_standard_input_come_before_it_ends(trained: Path, corpus: Path, format_: str) -> None:
    with subprocess.Popen(
        command(trained, "-", "-f", format_), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        some = corpus.read_text("utf-8").splitlines(keepends=True)[:80]
        seen = Event()
        Thread(target=feed, args=(process.stdin, some, seen)).start()  # beside the reading, for pipes hold little
        lines = [process.stdout.readline() for _ in range(2)]
        seen.set()
        assert "The council met 0 times in hall 0." in "".join(lines)
        assert len([*lines, *process.stdout]) == 80 * 40 + (format_ == "csv")


def test_a_full_disk_keeps_what_was_written_and_says_how_to_go_on(
    model: Model, trained: Path, corpus: Path, tmp_path: Path
) -> None:
    whole, output = tmp_path / "whole.jsonl", tmp_path / "scores.jsonl"
    run_of(model, trained, corpus).write(whole)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole.stat().st_size * 9 // 10, hard))
    try:
        with pytest.raises(StoreError, match=r"cannot be written: .*; make room; [\d,]+ sentences kept in .*--resume"):
            run_of(model, trained, corpus).write(output)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not output.exists()
    run_of(model, trained, corpus).write(output, resume=True)
    assert output.read_bytes() == whole.read_bytes()


def test_a_line_that_was_half_written_is_written_anew(
    model: Model, trained: Path, corpus: Path, tmp_path: Path
) -> None:
    whole, output = tmp_path / "whole.jsonl", tmp_path / "scores.jsonl"
    run_of(model, trained, corpus).write(whole)
    half = whole.read_bytes()[: whole.stat().st_size // 2]
    assert not half.endswith(b"\n")
    (tmp_path / f"scores.jsonl.{model.graph.digest}.part").write_bytes(half)
    run_of(model, trained, corpus).write(output, resume=True)
    assert output.read_bytes() == whole.read_bytes()


def test_scores_of_other_sentences_are_not_continued(model: Model, trained: Path, corpus: Path, tmp_path: Path) -> None:
    output, part = tmp_path / "scores.jsonl", tmp_path / f"scores.jsonl.{model.graph.digest}.part"
    part.write_text('{"uid":"0123456789abcdef"}\n', "utf-8")
    with pytest.raises(StoreError, match=r"line 1: of other sentences; leave out --resume"):
        run_of(model, trained, corpus).write(output, resume=True)
    assert part.exists()
    assert not output.exists()
    run_of(model, trained, corpus).write(output)
    assert output.exists()
    assert not part.exists()


def test_scores_by_another_model_are_begun_anew(model: Model, trained: Path, corpus: Path, tmp_path: Path) -> None:
    heard: list[str] = []
    (tmp_path / "scores.jsonl.0123456789abcdef.part").write_text('{"uid":"0123456789abcdef"}\n', "utf-8")
    listeners = Listeners(note=heard.append)
    run_of(model, trained, corpus, listeners=listeners).write(tmp_path / "scores.jsonl", resume=True)
    assert heard == [f"{tmp_path / 'scores.jsonl'}: nothing to resume by this model: begun anew"]
    assert len(list(read_records(tmp_path / "scores.jsonl", Scores))) == 8000


def test_a_file_in_the_middle_that_cannot_be_read_is_told_and_the_rest_scored(
    model: Model, trained: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in "ac":
        (folder / f"{name}.txt").write_text(f"Rats {name} won the war.", "utf-8")
    (folder / "b.pdf").write_bytes(b"%PDF-1.7 no more than that")
    problems: list[SourceError] = []
    run = run_of(model, trained, folder, listeners=Listeners(problem=problems.append))
    assert [json.loads(line)["text"] for line in run.lines()] == ["Rats a won the war.", "Rats c won the war."]
    assert "b.pdf" in str(problems[0])


def test_a_model_without_export_is_exported_and_scores_as_before(
    trained: Path, tmp_path: Path, copy_of: Callable[[Path], Path]
) -> None:
    root = copy_of(trained)
    folder = root / "models" / "tiny"
    before = load_chosen(open_workspace(root))
    text = tmp_path / "a.txt"
    text.write_text("The brutal regime will fall.", "utf-8")
    (expected,) = before.stream(s for d in streamed_articles(open_workspace(root), [str(text)]) for s in d.sentences)
    for file in ("export.json", "model.onnx", "model.int8.onnx"):
        (folder / file).unlink()
    heard: list[str] = []

    def listen(activity: str, /, done: int = 0, total: int | None = None) -> None:
        heard.append(activity)

    after = load_chosen(open_workspace(root), listen)
    assert heard[0] == "tiny has no export: exporting it"
    (found,) = after.stream(s for d in streamed_articles(open_workspace(root), [str(text)]) for s in d.sentences)
    assert found.labels == pytest.approx(expected.labels, abs=0.02)
    assert "were not checked on held-out articles" in (after.graph.note or "")


def test_a_model_without_export_or_weights_says_that_it_has_neither(
    trained: Path, copy_of: Callable[[Path], Path]
) -> None:
    root = copy_of(trained)
    for file in ("export.json", "model.safetensors"):
        (root / "models" / "tiny" / file).unlink()
    with pytest.raises(ModelError, match="no export, nor weights for one; train another"):
        load_chosen(open_workspace(root))


@pytest.mark.parametrize(("name", "precision"), [("model.int8.onnx", None), ("model.onnx", "full")])
def test_a_damaged_export_is_refused_with_what_to_do(
    trained: Path, copy_of: Callable[[Path], Path], name: str, precision: Precision | None
) -> None:
    root = copy_of(trained)
    graph = root / "models" / "tiny" / name
    content = bytearray(graph.read_bytes())
    content[len(content) // 2] ^= 1
    graph.write_bytes(content)
    with pytest.raises(ModelError, match=f"{re.escape(name)}: a damaged export; delete export.json beside it"):
        load_chosen(open_workspace(root), engine=Engine(precision=precision))


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """Give a function that copies a workspace."""
    import shutil

    return lambda root: Path(shutil.copytree(root, tmp_path / "copy"))


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    output = tmp_path / "scores.jsonl"
    with Unfinished(output, "0" * 16, resume=False) as first:
        first.write(["{}\n"])
        with pytest.raises(StoreError) as refused:
            Unfinished(output, "0" * 16, resume=True)
        first.finish()
    assert str(refused.value) == f"{output}: another run writes to it; wait for it, or write to another file"
    assert output.read_text() == "{}\n"
    assert list(tmp_path.iterdir()) == [output]


def test_a_file_of_the_users_beside_the_output_stays(tmp_path: Path) -> None:
    names = ("scores.jsonl.mine.part", f"scores.jsonl.{'0' * 16}.part", f"scores.jsonl.{'a' * 16}.part")
    for name in names:
        (tmp_path / name).write_text("{}", "utf-8")
    with Unfinished(tmp_path / "scores.jsonl", "0" * 16, resume=False):
        assert sorted(path.name for path in tmp_path.glob("*.part")) == sorted(names[:2])
