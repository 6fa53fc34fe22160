"""Whether a training fits into memory and onto the disk, told before time is spent."""

import resource
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from annotate.errors import StoreError, TrainingError
from annotate.learning.base import Base
from annotate.learning.device import Device
from annotate.models.tokenization import Window
from annotate.models.training_record import Recipe

# Bytes a parameter: the weights, their average, the network to start from and its base; of what learns, gradient and
# moments. Networks that are finished are held in the machine's memory until the last is.
_A_WEIGHT = 4 * (3 + 1)
_A_FINISHED = 4
_A_LEARNER = 4 * 4
_A_SNAPSHOT = 4 * 4  # on disk, of what learns: weights, their average and moments
_A_MODEL = 4 * 4  # on disk: weights and exported graphs
_MORE_SNAPSHOTS = 3  # than folds: of the last network, of what it starts from, and one that is being written
# What the backward pass needs, as the default encoder was seen to keep for windows of 32 to 512 tokens: bytes a token,
# layer and unit of width, and bytes a pair of tokens, layer and head.
_A_CELL = 75
_A_PAIR = 12
_HEAD = 64  # units of a head, where an encoder does not say how many it has
_SPARE = 300_000_000
_GB = 1e9


class Extent(NamedTuple):
    """How many examples are learned from, and how many tokens the longest has."""

    n_examples: int
    longest: int


def extent_of(*parts: Iterable[Window]) -> Extent:
    """Return the extent of trainings that come one after the other: of the most windows, and of the longest."""
    lengths = [[len(window.ids) for window in part] for part in parts]
    return Extent(max(map(len, lengths)), max((each for part in lengths for each in part), default=0))


def check_room(base: Base, recipe: Recipe, extent: Extent, device: Device, folder: Path) -> None:
    """Refuse a training that cannot end well; of the recipe's folds each needs room.

    ``folder`` is for what the training reaches. What others have left beside it will be cleared, or gone on from.

    Raises:
        TrainingError: There is not enough memory.
        StoreError: There is not enough room on the disk.
    """
    n_all, n_words = _sizes(base)
    finished = n_all * _A_FINISHED * (recipe.folds + 1) if device.name == "cpu" else 0
    needed, free = memory_needed(base, recipe, extent) + finished, device.free_memory()
    if needed > free:
        raise TrainingError(
            f"{base.name}: training needs about {needed / _GB:.1f} GB of memory, and {free / _GB:.1f} GB are free; "
            "use --accumulate 4, or a smaller --base"
        )
    there = next(each for each in (folder, *folder.parents) if each.exists())
    room = shutil.disk_usage(there).free + sum(path.stat().st_size for path in folder.parent.glob("*/*"))
    kept = n_all * _A_MODEL + (n_all - n_words) * _A_SNAPSHOT * (recipe.folds + _MORE_SNAPSHOTS)
    if kept > room:
        raise StoreError(
            f"{folder}: a training needs about {kept / _GB:.1f} GB of disk, and {room / _GB:.1f} GB are free; "
            "free some space"
        )


def peak_memory() -> int:
    """Return the most bytes of memory that this process has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def memory_needed(base: Base, recipe: Recipe, extent: Extent) -> float:
    """Return about how many bytes of memory a training needs at most, beside the program."""
    n_all, n_words = _sizes(base)
    config = base.encoder.config
    n_heads = getattr(config, "num_attention_heads", None) or config.hidden_size / _HEAD
    # Batches are of sentences of like length, so that the longest are in one.
    n_tokens = extent.longest * -(-recipe.batch_for(extent.n_examples) // recipe.accumulate)
    a_token = config.num_hidden_layers * (config.hidden_size * _A_CELL + n_heads * extent.longest * _A_PAIR)
    needed: float = n_all * _A_WEIGHT + (n_all - n_words) * _A_LEARNER + n_tokens * a_token + _SPARE
    return needed


def _sizes(base: Base) -> tuple[int, int]:
    """Return how many parameters an encoder has, and how many of them embed words, which do not learn."""
    parts = (base.encoder, base.encoder.get_input_embeddings())
    n_all, n_words = (sum(p.numel() for p in part.parameters()) for part in parts)
    return n_all, n_words
