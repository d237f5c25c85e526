"""What a process holds in memory."""

from __future__ import annotations

import gc
from pathlib import Path


def resident() -> float:
    """Megabytes of this process after a collection; 0 where the system does not tell (Linux does)."""
    gc.collect()
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
