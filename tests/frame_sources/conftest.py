import io
from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Ten frames of 96 x 64 in motion JPEG, from blue to red: 0.4 seconds."""
    content = io.BytesIO()
    for number in range(10):
        Image.new("RGB", (96, 64), (number * 28, 0, 255 - number * 28)).save(content, "JPEG", quality=95)
    path = tmp_path / "clip.mjpeg"
    path.write_bytes(content.getvalue())
    return path
