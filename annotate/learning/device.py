"""Where a network is trained: the processor or a GPU, in bfloat16 where that is quicker."""

import platform
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
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
        on_gpu = kind == "cuda"
        supported = torch.cuda.is_bf16_supported(including_emulation=False) if on_gpu else _computes_bfloat16()
        return torch.autocast(kind, dtype=torch.bfloat16, enabled=supported)

    def peak_memory(self) -> int:
        """Return the most bytes that were taken on a GPU; 0 on the processor."""
        return torch.cuda.max_memory_reserved(self.name) if torch.device(self.name).type == "cuda" else 0

    def free_memory(self) -> int:
        """Return how many bytes of memory are free there."""
        if torch.device(self.name).type == "cuda":
            return torch.cuda.mem_get_info(self.name)[0]
        return free_memory()

    @contextmanager
    def running_out_told(self) -> Iterator[None]:
        """Raise ``TrainingError`` where the device's memory runs out inside."""
        try:
            yield
        except (RuntimeError, MemoryError) as error:
            known = (torch.OutOfMemoryError, MemoryError)
            if not isinstance(error, known) and "DefaultCPUAllocator" not in str(error):
                raise
            raise TrainingError(f"{self.name}: its memory ran out; use --accumulate 4, or a smaller --base") from error

    def chance(self) -> dict[str, Tensor]:
        """Return the state of what is left to chance."""
        state = {"chance": torch.get_rng_state()}
        return state | ({"chance cuda": torch.cuda.get_rng_state(self.name)} if self.name.startswith("cuda") else {})

    def set_chance(self, state: dict[str, Tensor]) -> None:
        """Go on by chance as from a state."""
        torch.set_rng_state(state["chance"])
        if "chance cuda" in state:
            torch.cuda.set_rng_state(state["chance cuda"], self.name)


def free_memory(group: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many bytes of the machine's memory are free, or of the container's where that has fewer."""
    free = psutil.virtual_memory().available
    with suppress(OSError, ValueError):  # no such file, or "max"
        most, taken = (int((group / name).read_text()) for name in ("memory.max", "memory.current"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        return min(free, most - taken + int(stat["inactive_file"]))  # what was read from files gives way
    return free


def find_device(name: str) -> Device:
    """Return a device; of ``auto``, the first GPU where there is one.

    Raises:
        TrainingError: There is no such device here.
    """
    if name == "auto":
        return Device("cuda:0" if torch.cuda.is_available() else "cpu")
    if not re.fullmatch(r"cpu|cuda(:\d+)?", name):
        raise TrainingError(f"{name}: not a device to train on; use cpu, cuda or cuda:1, or leave --device out")
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:
        first = str(error).strip().splitlines()[0]
        raise TrainingError(f"{name}: no such device here ({first}); leave --device out") from error
    return Device(name)


def _computes_bfloat16() -> bool:
    """Tell whether the processor computes in bfloat16; oneDNN takes any with AVX-512 for one that does."""
    if platform.machine() in ("x86_64", "AMD64") and not torch.cpu._is_avx512_bf16_supported():
        return bool(torch.cpu._is_amx_tile_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
