"""Predictions as tasks, verdicts from tasks, and pages that ask for them."""

from datetime import date
from pathlib import Path

import pytest

from annotate.errors import ConfigError
from annotate.ledger.entry import Entry, Outcome
from annotate.ledger.horizon import Horizon
from annotate.ledger.strength import LIKELY
from annotate.studio.ledger import to_judged, to_ledger_task
from annotate.studio.ledger_config import FIELDS, LedgerConfig
from annotate.studio.tasks import Json


def make_entry(end: date | None = date(2017, 12, 31)) -> Entry:
    place = {"uid": "1" * 16, "article_id": "a", "start": 0, "end": 13, "text": "It will fall.", "paragraph": 1}
    known = {"section": "body", "outlet": "Wire", "found_by": "person", "annotator": "user:1"}
    horizon = Horizon(text="by 2017", kind="date", end=end)
    return Entry.model_validate(place | known | {"horizon": horizon, "strength": LIKELY, "conditional": True})


@pytest.fixture(scope="module")
def config(repository: Path) -> LedgerConfig:
    return LedgerConfig.read(repository / "ledger_config.xml")


def submitted(outcome: str | None, **texts: list[str]) -> Json:
    result: list[Json] = [{"from_name": "outcome", "value": {"choices": [outcome]}}] if outcome else []
    result += [{"from_name": name, "value": {"text": text}} for name, text in texts.items()]
    return {"id": 7, "completed_by": 3, "created_at": "2026-01-01T00:00:00Z", "result": result}


def test_a_task_holds_what_its_page_shows_and_the_prediction_whole(config: LedgerConfig) -> None:
    entry = make_entry()
    data = to_ledger_task(entry)["data"]
    assert data.keys() >= FIELDS
    assert Entry.model_validate(data["entry"]) == entry
    assert data["when"] == "Until when: “by 2017”, by 2017-12-31"
    assert data["how"].startswith("How firmly: plainly, likely · on a condition")
    assert not [value for value in data.values() if value is None]


def test_a_task_does_not_change_when_its_day_passes() -> None:
    entry = make_entry()
    assert to_ledger_task(entry.at(date(2017, 1, 1))) == to_ledger_task(entry.at(date(2026, 1, 1)))


def test_what_is_due_first_has_the_lowest_score() -> None:
    ends = [date(2015, 1, 1), date(2017, 12, 31), date.max, None]
    scores = [to_ledger_task(make_entry(end))["predictions"][0]["score"] for end in ends]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(ends)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [
        ("Came true", "came true"),
        ("Did not", "did not"),
        ("Partly", "partly"),
        ("Cannot be decided", "cannot be decided"),
        ("Too early", "too early"),
    ],
)
def test_a_choice_becomes_a_verdict(config: LedgerConfig, choice: str, outcome: Outcome) -> None:
    given = submitted(choice, evidence=[" https://example.org/x "], note=["a", "b\nc"])
    (entry,) = to_judged([{"id": 1, "annotations": [given]} | to_ledger_task(make_entry())], config).entries
    assert entry.verdict is not None
    assert (entry.verdict.outcome, entry.verdict.judged_by) == (outcome, "user:3")
    assert (entry.verdict.evidence, entry.verdict.note) == ("https://example.org/x", "a b c")


def test_what_is_no_verdict_is_left_out_and_told(config: LedgerConfig) -> None:
    skipped = submitted("Partly") | {"was_cancelled": True}
    task = {"id": 1, "annotations": [submitted(None), skipped]} | to_ledger_task(make_entry())
    foreign = {"id": 2, "annotations": [submitted("Partly")], "data": {"sentence": "x"}}
    judged = to_judged([task, foreign], config)
    assert judged.entries == []
    assert judged.problems == [
        "task 1, annotation 7: no outcome chosen: left out",
        "task 2: not a prediction of annot's: left out",
    ]


def test_the_page_can_be_in_another_language(config: LedgerConfig) -> None:
    translated = LedgerConfig.parse(config.xml.replace('value="Came true"', 'value="Eingetroffen"'))
    assert translated.outcomes["Eingetroffen"] == "came true"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('outcome="partly"', 'outcome="perhaps"', "every outcome must have one"),
        ('outcome="partly"', 'outcome="did not"', "every outcome must have one"),
        ("outcome=", "result=", "not a page for verdicts"),
        ('value="$sentence"', 'value="$title"', "for the sentence to be shown"),
        ("$when", "$secret", r"\$secret, which tasks do not have"),
        ("</View>", "", "not a labeling configuration"),
    ],
)
def test_a_page_that_asks_for_no_verdicts_is_refused(config: LedgerConfig, old: str, new: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        LedgerConfig.parse(config.xml.replace(old, new))


def test_a_page_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        LedgerConfig.read(tmp_path / "none.xml")
