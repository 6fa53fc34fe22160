"""The status as a table that is read without colours, on a narrow terminal."""

import pytest

from annotate.cli.status import print_people, print_status
from annotate.quality.agreement.choices import ChoiceAgreement
from annotate.studio.entities import Person
from annotate.studio.status import AnnotatorStatus, ArticleStatus, Status, Work
from annotate.studio.submitted import Acceptance

TITLE = "The Regime Strikes Back: the army advances, bolstered by its allies and by nobody else"
WORK = {"annotator": "user:2", "n_done": 240, "n_skipped": 10, "n_left": 1500}
ARTICLE = ArticleStatus(
    id="a", title=TITLE, n_sentences=1750, n_done=240, n_left=1510, n_skipped=10, annotators=(Work(**WORK),)
)
ANNOTATOR = AnnotatorStatus(
    **WORK,
    name="Zoë van Dijk-Okri",
    lead_time=6.23,
    per_hour=312.4,
    suggested=Acceptance(n_answers=220, n_as_suggested=170),
    blind=None,
)
AGREEMENT = (ChoiceAgreement(label="Prediction", n_sentences=3, observed=2 / 3, alpha=None),)


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def printed(capsys: pytest.CaptureFixture[str], status: Status) -> str:
    print_status(status)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    return out


def test_every_figure_is_told_in_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, Status(articles=(ARTICLE,), annotators=(ANNOTATOR,), agreement=AGREEMENT))
    rows = [line.split() for line in out.splitlines()]
    assert ["1", "article", "1750", "240", "1510", "10"] in rows
    assert ["Zoë", "van", "Dijk-Okri", "240", "1500", "10"] in rows
    assert any(row[-8:] == ["1500", "10", "6.2", "312", "170", "of", "220", "–"] for row in rows)
    assert ["Prediction", "3", "0.67", "–"] in rows
    assert "…" not in out


def test_a_project_that_nobody_has_labelled_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(capsys, Status(articles=(), annotators=(), agreement=()))
    assert "nobody has labelled anything yet" in out
    assert "0 articles" in out


def test_markup_in_a_name_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print_people([Person(2, "ann@example.org", "[red]Ann")])
    assert "[red]Ann" in capsys.readouterr().out
