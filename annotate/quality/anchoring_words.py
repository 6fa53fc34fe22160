"""What anchoring comes to, in sentences."""

from collections.abc import Iterator, Sequence

from annotate.quality.anchoring import Anchoring, Contrast, LabelAnchoring
from annotate.quality.figure import Figure

FEWEST = 20  # answers on each side; of fewer nothing is said


def findings(found: Anchoring) -> list[str]:
    """Say what was found and what it means, in a sentence each."""
    if found.accepted.value is None:
        return ["No annotator was shown a suggestion: there is nothing to compare."]
    return [*_overall(found), *(sentence for label in found.labels for sentence in _of_label(label))]


def _overall(found: Anchoring) -> Iterator[str]:
    yield (
        f"{_percent(found.accepted.value)} of the shown suggestions{_ends(found.accepted)} were submitted unchanged:"
        " because they were right or because they were there, which only the comparisons below can tell."
    )
    if not found.by_chance:
        yield "No sentences were drawn to be labelled blind: what sets the two groups apart may be something else."
    time = found.lead_time
    if _too_few(time):
        yield f"Time: too few to say ({_sizes(time)})."
    else:
        means = ("suggestions take time", "suggestions save time", "no difference can be shown")
        apart = f"{time.shown:.1f} s with a suggestion and {time.blind:.1f} s without"
        yield f"Half of the answers take less than {apart}: {_meaning(time.difference, means)}."


def _of_label(label: LabelAnchoring) -> Iterator[str]:
    yield _sentence(
        f"{label.label} is given",
        label.rate,
        ("suggestions lead to more of it", "suggestions lead to less of it", "no difference can be shown"),
    )
    yield _sentence(
        f"Two annotators agree on {label.label}",
        label.agreement,
        (
            "agreement is inflated; trust that of blind sentences",
            "suggestions divide annotators",
            "no inflation of agreement can be shown",
        ),
    )
    if label.followed is not None and label.pull is not None:
        moved = f"; of the answers that would differ from the model it moves {_percent(label.pull.value)}"
        yield _sentence(
            f"Answers say of {label.label} what the model says",
            label.followed,
            (
                f"seeing it pulls answers to it{moved}{_ends(label.pull)}",
                "seeing it sets answers against it",
                "no pull can be shown",
            ),
        )


def _sentence(lead: str, contrast: Contrast, meanings: Sequence[str]) -> str:
    if _too_few(contrast):
        return f"{lead}: too few to say ({_sizes(contrast)})."
    shares = f"in {_percent(contrast.shown)} of cases with a suggestion and in {_percent(contrast.blind)} without"
    return f"{lead} {shares}{_ends(contrast.difference, 'difference ')}: {_meaning(contrast.difference, meanings)}."


def _meaning(difference: Figure, meanings: Sequence[str]) -> str:
    """Choose between more, less and nothing shown: the last where the interval holds zero."""
    more, less, nothing = meanings
    if difference.low is None or difference.high is None or difference.low <= 0 <= difference.high:
        return nothing
    return more if difference.low > 0 else less


def _too_few(contrast: Contrast) -> bool:
    return min(contrast.n_shown, contrast.n_blind) < FEWEST or contrast.difference.low is None


def _sizes(contrast: Contrast) -> str:
    return f"{contrast.n_shown} with a suggestion, {contrast.n_blind} without"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _ends(figure: Figure, lead: str = "") -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f" ({lead}{100 * figure.low:.0f} to {100 * figure.high:.0f} {'points' if lead else '%'})"
