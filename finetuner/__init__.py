"""Finetuner: point at a folder of photos, get a verified, live image classifier."""

__version__ = "0.1.0"
