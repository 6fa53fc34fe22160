"""The server's own description, tried by schemathesis over HTTP, and bodies that nobody described."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotate.config import Settings, Workspace
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.served import Served
from server.conftest import at_a_port

FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def url(trained: Any) -> Iterator[str]:
    workspace = Workspace(root=trained, settings=Settings(model="tiny"))
    options = ServeOptions.model_validate({"after": 0, "fetch": False, "limits": {"scorings": 10_000}})
    with at_a_port(Live(workspace, options, Served(workspace), Listeners())) as url:
        yield url


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
def test_whatever_is_sent_is_answered_as_described(url: str, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in described.get_all_operations() if isinstance(found, Ok)]
    assert {operation.path for operation in operations} >= {"/health", "/setup", "/predict", "/webhook", "/score"}
    for operation in operations:
        if mode is GenerationMode.POSITIVE or operation.method.upper() == "POST":
            _try(operation, mode)


def _try(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> None:
    @FEW
    @given(operation.as_strategy(generation_mode=mode))
    def sent(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    sent()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
SENTENCE = st.fixed_dictionaries(
    {"uid": st.text(max_size=5), "article_id": st.text(max_size=5), "start": st.integers(-1, 3), "paragraph": JSON},
    optional={"sentence": st.text(max_size=80), "end": st.integers(), "section": st.just("body"), "blind": JSON},
)
PREDICT = st.fixed_dictionaries(
    {"tasks": st.lists(st.fixed_dictionaries({"data": SENTENCE | JSON}), max_size=4) | JSON}
)
WEBHOOK = st.fixed_dictionaries(
    {"action": st.sampled_from(["ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "START_TRAINING"]) | JSON},
    optional={"project": JSON | st.fixed_dictionaries({"title": JSON}), "annotation": JSON},
)


def post(url: str, body: bytes) -> int:
    return httpx.post(url, content=body, headers={"Content-Type": "application/json"}, timeout=60).status_code


@pytest.mark.parametrize(("path", "bodies"), [("predict", PREDICT), ("webhook", WEBHOOK), ("setup", JSON)])
def test_no_body_makes_the_server_fail(url: str, path: str, bodies: st.SearchStrategy[object]) -> None:
    @FEW
    @given(bodies | JSON)
    def sent(body: object) -> None:
        assert post(f"{url}/{path}", json.dumps(body).encode()) < 500

    sent()


@pytest.mark.parametrize("path", ["predict", "webhook", "setup", "score", ""])
@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"tasks": "\\ud800"}', b"NaN", b"1e999"])
def test_what_is_no_json_is_refused(url: str, path: str, body: bytes) -> None:
    assert 400 <= post(f"{url}/{path}", body) < 500
