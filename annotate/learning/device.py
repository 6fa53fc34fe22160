"""Where a network is trained: the processor or a GPU, in bfloat16 where that is quicker."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
from torch import Tensor

from annotate.errors import TrainingError
from annotate.learning.network import Network


@dataclass(frozen=True)
class Device:
    """A device by torch's name for it."""

    name: str

    def place(self, network: Network) -> Network:
        """Move a network there."""
        return network.to(self.name)

    def mixed_precision(self) -> AbstractContextManager[object]:
        """Compute in bfloat16 inside, where the device has it: emulating it is slower than full precision."""
        kind = torch.device(self.name).type
        if kind == "cuda":
            supported = torch.cuda.is_bf16_supported(including_emulation=False)
        else:
            supported = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        return torch.autocast(kind, dtype=torch.bfloat16, enabled=supported)

    def chance(self) -> dict[str, Tensor]:
        """Return the state of what is left to chance."""
        state = {"chance": torch.get_rng_state()}
        return state | ({"chance cuda": torch.cuda.get_rng_state(self.name)} if self.name.startswith("cuda") else {})

    def set_chance(self, state: dict[str, Tensor]) -> None:
        """Go on by chance as from a state."""
        torch.set_rng_state(state["chance"])
        if "chance cuda" in state:
            torch.cuda.set_rng_state(state["chance cuda"], self.name)


def find_device(name: str) -> Device:
    """Return a device; of ``auto``, the first GPU where there is one.

    Raises:
        TrainingError: There is no such device here.
    """
    if name == "auto":
        return Device("cuda:0" if torch.cuda.is_available() else "cpu")
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:
        first = str(error).strip().splitlines()[0]
        raise TrainingError(f"{name}: no such device here ({first}); leave --device out") from error
    return Device(name)
