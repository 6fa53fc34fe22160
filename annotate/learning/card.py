"""The model card: what a trained model is, in words."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from annotate.models.folder import ModelConfig
from annotate.models.training_record import TrainingRecord
from annotate.schema import LabelSchema

_ORIGINS = {
    "draft": "drafts of a language model that no person has checked",
    "manual": "answers of people",
    "prediction": "pre-annotations that people submitted as they were",
    "prediction-changed": "pre-annotations that people corrected",
}


def model_card(config: ModelConfig, record: TrainingRecord, schema: LabelSchema) -> str:
    """Write a model's README.md."""
    # Markdown, not HTML: escaping would spoil it.
    environment = Environment(  # noqa: S701
        loader=PackageLoader("annotate.learning", "."), undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["figure"] = _figure
    template = environment.get_template("card.md.j2")
    return template.render(config=config, record=record, schema=schema, origins=_ORIGINS)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
