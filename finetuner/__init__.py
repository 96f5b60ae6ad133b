"""Finetuner: point at a folder of photos, get a verified, live image classifier."""

import os

__version__ = "0.1.0"

# onnxruntime keeps an identifier of the device and a queue of events in the user's home unless it is told not to first
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
