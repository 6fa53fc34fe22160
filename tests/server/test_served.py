"""The model that answers changes as a whole, and stays where the next one cannot be used."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from annotate.article import Sentence
from annotate.config import Workspace
from annotate.errors import AnnotError, ModelError
from annotate.schema import LabelSchema
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.scoring import Batch, Text, score
from annotate.server.served import NotReadyError, Served, chunks
from annotate.workflow.leftovers import remove_unfinished
from annotate.workflow.locks import alone
from annotate.workflow.model import use_model
from server.conftest import Serving


def copied(workspace: Workspace, name: str) -> None:
    shutil.copytree(workspace.models / "tiny", workspace.models / name)


def test_another_model_is_taken_and_the_first_one_taken_back(workspace: Workspace) -> None:
    served = Served(workspace)
    copied(workspace, "v2")
    assert not served.refresh()
    for name in ("v2", "tiny"):
        use_model(workspace, name)
        assert served.refresh()
        assert served.version == name


def test_a_request_is_answered_by_one_model_whatever_comes_meanwhile(
    workspace: Workspace, sentence: Callable[..., Sentence]
) -> None:
    served = Served(workspace)
    copied(workspace, "v2")

    async def scored() -> set[str]:
        sentences = [sentence(f"Number {n} will fall.") for n in range(60)]
        answer = asyncio.create_task(served.scores(sentences, served.ready().model))
        await asyncio.sleep(0)
        use_model(workspace, "v2")
        served.refresh()
        return {score.model for score in await answer}

    assert asyncio.run(scored()) == {"tiny"}
    assert served.version == "v2"


def test_long_sentences_take_turns_as_many_short_ones_do(sentence: Callable[..., Sentence]) -> None:
    lengths = [5] * 30 + [20_000] * 3 + [5]
    found = list(chunks([sentence("a" * length) for length in lengths]))
    assert [len(chunk) for chunk in found] == [25, 5, 1, 1, 1, 1]
    assert [len(each.text) for chunk in found for each in chunk] == lengths


def test_a_batch_is_answered_by_one_model_whatever_comes_meanwhile(workspace: Workspace) -> None:
    copied(workspace, "v2")
    live = Live(workspace, ServeOptions(after=0), Served(workspace), Listeners())
    text = "\n\n".join(f"The regime number {n} will fall." for n in range(100))

    async def scored() -> dict[str, Any]:
        answer = asyncio.create_task(score(Batch(sources=(Text(text=text), Text(text=text))), live))
        while not live.served.n_waiting:
            await asyncio.sleep(0)
        use_model(workspace, "v2")
        assert live.served.refresh()
        return json.loads(bytes((await answer).body))  # type: ignore[no-any-return]

    found = asyncio.run(scored())
    assert (
        {each["model"] for result in found["results"] for each in result["sentences"]} == {found["model"]} == {"tiny"}
    )


def test_questions_that_change_are_asked_with_the_model_that_knows_them(
    serving: Serving, workspace: Workspace, schema: LabelSchema
) -> None:
    copied(workspace, "v2")
    with serving() as client:
        for path in (workspace.root / "labeling_config.xml", workspace.models / "v2" / "labeling_config.xml"):
            path.write_text(schema.xml.replace('"claims"', '"kinds"'), "utf-8")
        use_model(workspace, "v2")
        while client.get("/versions").json()["in_use"] != "v2":
            time.sleep(0.1)
        answer = client.post("/score", json={"sources": [{"text": "The regime will fall."}]})
        assert answer.status_code == 200, answer.text
        assert client.get("/").status_code == 200


def test_a_model_that_cannot_be_used_leaves_the_one_before(workspace: Workspace) -> None:
    served = Served(workspace)
    copied(workspace, "v2")
    use_model(workspace, "v2")
    for graph in (workspace.models / "v2").glob("*.onnx"):
        graph.unlink()
        graph.write_bytes(b"no graph")
    with pytest.raises(ModelError):
        served.refresh()
    assert served.version == "tiny"
    assert not served.refresh()  # and is not tried again and again


def test_a_folder_deleted_underfoot_is_not_missed(
    client: TestClient, workspace: Workspace, sentence: Callable[..., Sentence]
) -> None:
    shutil.rmtree(workspace.models / "tiny")
    answer = client.post("/score", json={"sources": [{"text": "The regime will fall."}]})
    assert answer.json()["model"] == "tiny"


def test_no_more_wait_than_may(workspace: Workspace, sentence: Callable[..., Sentence]) -> None:
    served = Served(workspace, waiting=1)

    async def both() -> list[object]:
        asked = [served.scores([sentence("It will rain.")], served.ready().model) for _ in range(2)]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second = asyncio.run(both())
    assert not isinstance(first, BaseException)
    assert isinstance(second, NotReadyError)


def test_what_a_killed_training_left_is_removed_unless_one_runs(workspace: Workspace) -> None:
    left = workspace.models / ".v2.abcd_123"
    left.mkdir()
    (workspace.models / ".git").mkdir()
    with alone(workspace, "training"):
        assert remove_unfinished(workspace) == []
    assert remove_unfinished(workspace) == ["v2"]
    assert not left.exists()
    assert {path.name for path in workspace.models.glob("*/")} >= {"tiny", ".git"}
    with pytest.raises(AnnotError):
        use_model(workspace, "v2")
