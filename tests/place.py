"""Where the project lies; nothing else, so that what must start quickly can import it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
