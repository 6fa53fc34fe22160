"""What the documentation says holds: commands, options, settings, fields, links and examples."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.core import TyperGroup, TyperOption
from typer.main import get_command
from typer.testing import CliRunner

from annotate.annotation import Annotation, LabelledSpan, ScoredSpan, Scores, WordScores
from annotate.article import Article, Furniture, Sentence
from annotate.cli.figures import OF_SENTENCES, OF_SPANS
from annotate.cli.ledger import FEWEST as DEFAULT_FEWEST
from annotate.cli.main import app
from annotate.config import Settings
from annotate.corpus.store import Replaced
from annotate.ledger.entry import Entry, Statement, Verdict
from annotate.ledger.horizon import Horizon
from annotate.ledger.strength import SCALE, Strength
from annotate.ledger.track_record import FEWEST, TrackRecord
from annotate.models.training_record import Recipe
from annotate.quality.agreement import report
from annotate.quality.agreement.choices import ChoiceAgreement
from annotate.quality.anchoring import Anchoring, Contrast, LabelAnchoring
from annotate.quality.assessment import Assessment, LabelAssessment
from annotate.quality.calibration import Bin, Calibration
from annotate.quality.ceiling import Range
from annotate.quality.comparison import Difference
from annotate.quality.figure import Figure
from annotate.quality.gold import Gold
from annotate.quality.label_errors import Suspect
from annotate.record import Record
from annotate.schema import TASK_FIELDS, LabelSchema
from annotate.scoring.corpus import Example
from annotate.scoring.formats import ScoredArticles, to_csv
from annotate.scoring.ledger_formats import COLUMNS
from annotate.scoring.profile import LabelProfile, Part, Profile
from annotate.scoring.source_records import SourceDifference, SourceLabel, SourceProfile, SourceProfiles, TrendPoint
from annotate.selection.choice import Chosen
from annotate.studio.ledger_config import FIELDS
from annotate.studio.status import AnnotatorStatus, ArticleStatus, Status
from annotate.studio.submitted import Acceptance
from annotate.studio.tasks import Pulled
from annotate.workflow.evaluate import EvaluateResult
from annotate.workflow.sync import PullResult

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "models" / "README.md", ROOT / "seeds" / "README.md"]
)
RECORDS: Mapping[str, type[Record]] = {"sentence": Sentence, "annotation": Annotation, "gold": Gold, "score": Scores}
REPORTED = [value for value in vars(report).values() if isinstance(value, type) and value.__module__ == report.__name__]
FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(path: Path, language: str) -> Iterator[str]:
    """Yield the code blocks whose fence says so."""
    return (found[3] for found in FENCE.finditer(path.read_text("utf-8")) if found[2].strip() == language)


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, down to the next one."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def anchor(heading: str) -> str:
    """Return the fragment by which a heading is linked to."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def commands(name: str, command: object) -> Iterator[tuple[str, object]]:
    """Yield a command and all below it, by what is typed."""
    yield name, command
    if isinstance(command, TyperGroup):
        for word, child in command.commands.items():
            yield from commands(f"{name} {word}", child)


COMMANDS = dict(commands("annot", get_command(app)))


def typed() -> list[list[str]]:
    """Return the arguments of every call of ``annot`` that an example shows."""
    examples = [b for path in PAGES for kind in ("console", "console checked") for b in blocks(path, kind)]
    calls = re.findall(r"(?:^\$ |[;|] *)annot\b([^|;>\n]*)", "\n".join(examples), re.MULTILINE)
    calls += [call for path in PAGES for call in re.findall(r"^ {4}annot ([^#\n]*)", path.read_text("utf-8"), re.M)]
    return [shlex.split(call) for call in calls]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_own_heading_in_the_manual(name: str) -> None:
    assert section(page("docs/manual.md"), f"`{name}`").strip()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_in_the_manual_below_its_command(name: str) -> None:
    params = getattr(COMMANDS[name], "params", [])
    options = [spelling for param in params if isinstance(param, TyperOption) for spelling in param.opts]
    told = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section(page("docs/manual.md"), f"`{name}`")))
    assert set(options) - {"-h", "--help"} <= told


@pytest.mark.parametrize("name", COMMANDS)
def test_the_manual_names_no_option_that_a_command_lacks(name: str) -> None:
    rows = re.findall(r"^\| (`-[^|]*)\|", section(page("docs/manual.md"), f"`{name}`"), re.MULTILINE)
    known = {spelling for param in getattr(COMMANDS[name], "params", []) for spelling in param.opts}
    assert {option for row in rows for option in re.findall(r"--?[a-z][a-z-]*", row)} <= known | {"-h", "--help"}


@pytest.mark.parametrize("arguments", typed(), ids=" ".join)
def test_examples_use_commands_and_options_that_exist(arguments: list[str]) -> None:
    result = CliRunner().invoke(app, [*arguments, "--help"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", path.read_text("utf-8"))):
        if not re.match(r"[a-z]+:", link):
            name, _, fragment = link.partition("#")
            target = path.parent / name if name else path
            assert target.exists(), link
            assert not fragment or fragment in map(anchor, headings(target.read_text("utf-8"))), link


@pytest.mark.parametrize("name", ["docs/agreement.md", "docs/manual.md", "docs/formats.md", "docs/ledger.md"])
def test_checked_examples_print_what_is_shown(name: str, tmp_path: Path) -> None:
    bin_folder = Path(sys.executable).parent
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    environment = {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    for example in "".join(blocks(ROOT / name, "console checked")).removeprefix("$ ").split("\n$ "):
        command, _, shown = example.partition("\n")
        result = subprocess.run(
            ["bash", "-c", f"exec 2>&1; {command}"], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert result.stdout.decode("utf-8").strip() == shown.strip(), command


@pytest.mark.parametrize("kind", RECORDS)
def test_records_shown_are_records(kind: str) -> None:
    shown = list(blocks(ROOT / "docs" / "formats.md", f"json {kind}"))
    assert shown
    assert [RECORDS[kind].model_validate_json(line).model_dump_json() + "\n" for line in shown] == shown


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("Sentence", [Sentence]),
        ("Article", [Article, Furniture]),
        ("Annotation", [Annotation, LabelledSpan]),
        ("Gold", [Gold, ScoredSpan]),
        ("Agreement report", REPORTED),
        ("Score", [Scores, ScoredSpan]),
        ("Ledger entry", [Entry, Statement, Horizon, Strength, Verdict]),
        ("Track record", [TrackRecord]),
        ("Word scores", [WordScores]),
        ("Suspect", [Suspect]),
        ("Chosen sentence", [Chosen]),
        ("The evaluation document", [EvaluateResult, Assessment, LabelAssessment, Figure, Range, Calibration, Bin]),
        ("The evaluation document", [Difference]),
        ("The anchoring document", [Anchoring, LabelAnchoring, Contrast]),
        ("The JSON document", [ScoredArticles, Profile, LabelProfile, Part]),
        ("Profiles of sources", [SourceProfiles, SourceProfile, SourceLabel, TrendPoint, SourceDifference, Example]),
        ("Status", [Status, ArticleStatus, AnnotatorStatus, Acceptance, ChoiceAgreement]),
    ],
)
def test_every_field_of_a_record_is_told(heading: str, kinds: list[type[Record]]) -> None:
    told = section(page("docs/formats.md"), heading)
    fields = {name for kind in kinds for name in kind.model_fields}
    inherited = {name for base in kinds[0].__mro__[1:] if issubclass(base, Sentence) for name in base.model_fields}
    assert not {name for name in fields - inherited if f"`{name}`" not in told}


def test_every_column_of_the_csv_is_told(schema: LabelSchema) -> None:
    told = section(page("docs/formats.md"), "CSV")
    columns = to_csv([], schema).strip().split(",")
    assert not {name for name in columns if not name.startswith("probability:") and f"`{name}`" not in told}
    assert f"`probability: {schema.labels[0].name}`" in told


def test_every_column_of_the_ledger_is_told() -> None:
    told = section(page("docs/formats.md"), "Ledger entry")
    assert not {name for name in COLUMNS if f"`{name}`" not in told}


def test_the_scale_of_the_ledger_is_told() -> None:
    told = section(page("docs/ledger.md"), "How firmly")
    for step in SCALE:
        taken = f"{100 * step.probability:g} %"
        assert f"| {step.step} | {100 * step.low:.0f} to {100 * step.high:.0f} % | {taken} |" in told
    assert f"Below {FEWEST} settled predictions" in page("docs/ledger.md")
    assert FEWEST == DEFAULT_FEWEST


def test_the_marked_label_is_the_one_of_the_configuration() -> None:
    (shown,) = blocks(ROOT / "docs" / "labeling-config.md", "xml checked")
    assert shown.strip() in page("labeling_config.xml")


def test_the_fields_of_the_page_of_the_ledger_are_told() -> None:
    told = section(page("docs/ledger.md"), "Judging")
    assert set(re.findall(r"`\$(\w+)`", told)) == FIELDS


def test_every_column_of_the_figures_is_told_and_shown() -> None:
    told = section(page("docs/manual.md"), "`annot evaluate`")
    cells = re.findall(r"^\| ([\w., ]+) \|", told, re.MULTILINE)
    shown = [line.split() for line in told.splitlines() if line.startswith(" label ")]
    for headings in (["n", "of", *OF_SENTENCES], list(OF_SPANS)):
        assert set(headings) <= {column for cell in cells for column in cell.split(", ")}
        assert " ".join(["label", *headings]).split() in shown


@pytest.mark.parametrize("name", ["folds", "seed", "accumulate"])
def test_the_defaults_of_a_training_are_told(name: str) -> None:
    option = name.replace("_", "-")
    row = next(line for line in page("docs/manual.md").splitlines() if line.startswith(f"| `--{option} "))
    assert f"; {Recipe.model_fields[name].default} unless given" in row


def test_the_size_of_a_batch_is_told() -> None:
    few, many = (Recipe().batch_for(n) for n in (999, 1000))
    assert f"unless given, {few}, and {many} for a thousand sentences and more" in page("docs/manual.md")


def test_what_a_pull_prints_is_shown() -> None:
    summary = PullResult(Pulled(), Replaced(Path("/home/ann/news/data/labels.jsonl"), True, None)).summary
    assert f"\npulled: {summary}\n" in page("docs/manual.md")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_told_with_its_variable_and_default(name: str) -> None:
    row = next(line for line in page("docs/configuration.md").splitlines() if line.startswith(f"| `{name}`"))
    assert f"`ANNOT_{name.upper()}`" in row
    default = Settings.model_fields[name].default
    shown = [str(default).lower()] if isinstance(default, str | bool) else default or ["none"]
    assert all(part in row for part in shown)


def test_the_settings_shown_are_settings() -> None:
    (shown,) = blocks(ROOT / "docs" / "configuration.md", "toml")
    assert Settings.model_validate(tomllib.loads(shown))


def test_what_can_be_added_to_the_labeling_configuration_can_be_asked(schema: LabelSchema) -> None:
    choice, label, question = blocks(ROOT / "docs" / "labeling-config.md", "xml")
    xml = schema.xml.replace("</Choices>", f"{choice}</Choices>{question}").replace("</Labels>", f"{label}</Labels>")
    asked = LabelSchema.parse(xml).outline()
    assert asked["claims"][1] == ("Unsourced claim", "Prediction", "Call to action")
    assert asked["terms"][1] == ("Loaded term", "Euphemism")
    assert asked["tone"] == ("single choice", ("Angry", "Amused"), "None in particular")


def test_every_field_that_a_task_can_show_is_told() -> None:
    told = section(page("docs/labeling-config.md"), "What a task can show")
    assert set(re.findall(r"`\$(\w+)`", told)) == TASK_FIELDS


def test_the_architecture_is_that_of_the_import_contract() -> None:
    contract = tomllib.loads(page("pyproject.toml"))["tool"]["importlinter"]["contracts"][0]
    told = section(page("docs/architecture.md"), "Who may import whom")
    layers = [line.strip().replace("│", "|") for line in told.splitlines() if line.startswith("    ")]
    assert layers == contract["layers"]


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    named = {name for path in PAGES for name in re.findall(r"\bmake ([a-z]+)(?=`|  )", path.read_text("utf-8"))}
    assert named
    assert named <= targets


def test_the_changelog_names_the_version() -> None:
    version = tomllib.loads(page("pyproject.toml"))["project"]["version"]
    assert any(heading.startswith(f"[{version}]") for heading in headings(page("CHANGELOG.md")))
