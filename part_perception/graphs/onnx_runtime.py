"""ONNX Runtime, imported only here: its telemetry is switched off before it is loaded, and stays off."""

from __future__ import annotations

import os
from types import ModuleType

OFF = "ORT_DISABLE_TELEMETRY"


def onnx_runtime() -> ModuleType:
    """The module; an ImportError if its telemetry cannot be switched off."""
    os.environ[OFF] = "1"  # read on loading: afterwards it has already looked up a host and written an id
    import onnxruntime

    switch_off = getattr(onnxruntime, "disable_telemetry_events", None)
    if switch_off is None:
        version = getattr(onnxruntime, "__version__", "of unknown version")
        raise ImportError(f"onnxruntime {version} has no switch for its telemetry; install another version")
    switch_off()
    return onnxruntime
