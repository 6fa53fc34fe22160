"""Whether a training fits into memory and onto the disk, told before time is spent."""

import shutil
from pathlib import Path

import psutil

from annotate.errors import StoreError, TrainingError
from annotate.learning.base import Base
from annotate.models.training_record import Recipe

# Bytes a parameter: the weights, their average and the network to start from; of what learns, gradient and moments.
_A_WEIGHT = 4 * (3 + 1)
_A_LEARNER = 4 * 4
_KEPT = 4 * 8  # on disk: snapshot, weights and exported graphs
_A_CELL = 15  # bytes a token, layer and unit of width, for what the backward pass needs
_SPARE = 300_000_000
_GB = 1e9


def check_room(base: Base, recipe: Recipe, n_examples: int, folder: Path) -> None:
    """Refuse a training on about so many examples that cannot end well; ``folder`` is where models are kept.

    Raises:
        TrainingError: There is not enough memory.
        StoreError: There is not enough room on the disk.
    """
    needed, n_all = memory_needed(base, recipe, n_examples), sum(p.numel() for p in base.encoder.parameters())
    free = psutil.virtual_memory().available
    if recipe.device in ("auto", "cpu") and needed > free:
        raise TrainingError(
            f"{base.name}: training needs about {needed / _GB:.1f} GB of memory, and {free / _GB:.1f} GB are free; "
            "use --accumulate 4, or a smaller --base"
        )
    there = next(each for each in (folder, *folder.parents) if each.exists())
    room = shutil.disk_usage(there).free
    if n_all * _KEPT > room:
        raise StoreError(
            f"{folder}: a training needs about {n_all * _KEPT / _GB:.1f} GB of disk, and {room / _GB:.1f} GB are "
            "free; free some space"
        )


def memory_needed(base: Base, recipe: Recipe, n_examples: int) -> float:
    """Return about how many bytes of memory a training needs at most, beside the program."""
    n_words = sum(p.numel() for p in base.encoder.get_input_embeddings().parameters())
    n_all = sum(p.numel() for p in base.encoder.parameters())
    config = base.encoder.config
    at_once = recipe.batch_for(n_examples) / recipe.accumulate
    cells = at_once * base.max_length * config.num_hidden_layers * config.hidden_size
    needed: float = n_all * _A_WEIGHT + (n_all - n_words) * _A_LEARNER + cells * _A_CELL + _SPARE
    return needed
