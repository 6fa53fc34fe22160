"""What a server counts and measures, in the form that Prometheus reads."""

from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from annotate.server.events import Event, Failed, NotDue, Trained

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds


class Metrics:
    """The figures of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry, "namespace": "annot"}
        self.requests = Counter("requests", "Requests answered.", ["method", "route", "status"], **own)
        self.seconds = Histogram("request_seconds", "Time to answer.", ["route"], buckets=_BUCKETS, **own)
        self.sentences = Counter("sentences_scored", "Sentences scored.", **own)
        self.answers = Counter("annotations_noticed", "Annotations that webhooks told of.", **own)
        self.trainings = Counter("trainings", "Trainings that ended, by what came of them.", ["outcome"], **own)
        self.is_training = Gauge("training", "Whether a training or a renewal of suggestions runs.", **own)
        self.swaps = Counter("model_swaps", "Models that took the place of another.", **own)
        self.model = Gauge("model_in_use", "The model that answers.", ["version"], **own)

    def show_model(self, version: str | None) -> None:
        """Say which model answers."""
        self.model.clear()
        if version is not None:
            self.model.labels(version).set(1)

    def count(self, event: Event) -> None:
        """Count how a training ended."""
        if isinstance(event, Trained):
            self.trainings.labels("in use" if event.in_use else "worse").inc()
        elif isinstance(event, (NotDue, Failed)):
            self.trainings.labels(event.event).inc()

    def rendered(self) -> bytes:
        """Write all of it as text."""
        return generate_latest(self.registry)
