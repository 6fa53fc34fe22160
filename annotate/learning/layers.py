"""The layers of an encoder, whatever its architecture calls them."""

from torch.nn import Module, ModuleList
from transformers import PreTrainedModel


def layers_of(encoder: PreTrainedModel) -> list[Module]:
    """Return an encoder's layers from the first to the last: its longest list of modules, and of several the outermost.

    An encoder that shares one layer among all depths has none to tell apart, and an empty list.
    """
    lists = [list(module) for module in encoder.modules() if isinstance(module, ModuleList)]
    return max(lists, key=len, default=[])
