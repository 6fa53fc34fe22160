"""The model card: what a trained model is, in words and in a picture."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from annotate.datasets.licences import LICENCES
from annotate.models.folder import RELIABILITY, ModelConfig
from annotate.models.training_record import DEFAULT_BASE, TrainingRecord
from annotate.quality.assessment import HEADINGS, Assessment
from annotate.quality.ceiling import Range
from annotate.quality.figure import Figure
from annotate.schema import LabelSchema
from annotate.wording import escaped

_ORIGINS = {
    "draft": "drafts of a language model that no person has checked",
    "manual": "answers of people",
    "prediction": "pre-annotations that people submitted as they were",
    "prediction-changed": "pre-annotations that people corrected",
}


def model_card(config: ModelConfig, record: TrainingRecord, schema: LabelSchema, hub_id: str | None) -> str:
    """Write a model's README.md; ``hub_id`` is that of its base encoder, if it has one."""
    # Markdown, not HTML: escaping would spoil it.
    environment = _environment(autoescape=False)
    return environment.get_template("card.md.j2").render(
        config=config,
        hub_id=hub_id,
        is_default=hub_id is not None and config.base == DEFAULT_BASE,
        record=record,
        schema=schema,
        origins=_ORIGINS,
        licences=LICENCES,
        columns=HEADINGS,
        reliability=RELIABILITY,
    )


def reliability(measured: Assessment) -> str:
    """Draw, as SVG, the share of sentences that carry each label by the probability given to it."""
    labels = [label for label in measured.labels if label.calibration]
    return _environment(autoescape=True).get_template("reliability.svg.j2").render(labels=labels)


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("annotate.learning", "."),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=autoescape,  # noqa: S701 - each caller says why
    )
    environment.filters |= {"figure": _figure, "range": _range, "people": _people, "escaped": escaped}
    return environment


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _range(figure: Figure) -> str:
    ends = f" ({_figure(figure.low)} to {_figure(figure.high)})" if figure.low is not None else ""
    return _figure(figure.value) + ends


def _people(found: Range | None) -> str:
    return "–" if found is None else f"{found.mean:.2f} ({found.low:.2f} to {found.high:.2f})"
