import subprocess
import sys

import pytest
from PIL import Image
from PySide6.QtCore import QElapsedTimer

from finetuner.engine.errors import FinetunerError
from finetuner.frame_sources import FRAME_SOURCES
from finetuner.frame_sources.frame import Frame
from finetuner.frame_sources.source import kind_of, open_source


@pytest.fixture
def texts(tmp_path, clip) -> dict[str, str]:
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (40, 30), "red").save(tmp_path / "photos" / "b.png")
    Image.new("RGB", (40, 30), "blue").save(tmp_path / "photos" / "a.jpg")
    (tmp_path / "photos" / "notes.txt").write_text("no image")
    Image.new("RGB", (40, 30), "green").save(tmp_path / "one", "PNG")
    stored = {"image": str(tmp_path / "one"), "folder": str(tmp_path / "photos"), "video": str(clip)}
    return {**stored, "camera": "0", "screen": "screen", "window": "window:Bees", "network": "rtsp://camera.local/1"}


def test_the_kind_is_told_from_the_content(texts):
    assert {kind_of(text): text for text in texts.values()} == texts
    assert set(texts) == set(FRAME_SOURCES)


@pytest.mark.parametrize(("name", "kind"), [("a.JPG", "image"), ("a.png", "image"), ("a.mp4", "video"), ("a", "video")])
def test_an_empty_file_is_what_its_name_says(tmp_path, name, kind):
    (tmp_path / name).touch()
    assert kind_of(str(tmp_path / name)) == kind


def test_a_folder_named_like_a_screen_is_a_folder(tmp_path, monkeypatch):
    (tmp_path / "screen").mkdir()
    monkeypatch.chdir(tmp_path)
    assert (kind_of("screen"), kind_of("screen:0")) == ("folder", "screen")


@pytest.mark.parametrize("name", ["image", "folder", "video"])
def test_every_source_gives_frames_and_ends(name, texts, qapp):
    with open_source(texts[name]) as frames:
        found = list(frames)
    assert found
    assert all(isinstance(frame, Frame) for frame in found)
    assert all(frame.pixels.dtype == "uint8" and frame.pixels.shape[2] == 3 for frame in found)


def test_a_folder_comes_in_order_and_keeps_what_it_passed_over(texts):
    source = open_source(texts["folder"])
    with source as frames:
        assert [frame.name.rsplit("/", 1)[1] for frame in frames] == ["a.jpg", "b.png"]
    assert [problem.path.rsplit("/", 1)[1] for problem in source.problems] == ["notes.txt"]


def test_a_video_plays_from_start_to_end(texts, qapp):
    with open_source(texts["video"]) as frames:
        colours = [frame.pixels[30, 40].astype(int) for frame in frames]
    reds = [red for red, _, _ in colours]
    assert reds == sorted(reds)
    assert max(reds) > 230
    assert all(abs(red + blue - 255) < 12 for red, _, blue in colours)


def test_whoever_is_slow_sees_the_last_frame_still(texts, qapp):
    with open_source(texts["video"]) as frames:
        next(frames)
        over = QElapsedTimer()
        over.start()
        while not over.hasExpired(600):  # longer than the clip, without a look at Qt's events
            pass
        assert [int(frame.pixels[30, 40][0]) > 230 for frame in frames][-1]


def test_a_video_may_be_left_early(texts, qapp):
    with open_source(texts["video"]) as frames:
        next(frames)


def test_nothing_there_is_a_sentence():
    with pytest.raises(FinetunerError, match="There is nothing at nowhere"):
        open_source("nowhere")


def test_a_file_that_is_no_video_is_a_sentence(tmp_path, qapp):
    (tmp_path / "notes.txt").write_text("not a video at all")
    with (
        pytest.raises(FinetunerError, match=r"The video notes\.txt cannot be used"),
        open_source(str(tmp_path / "notes.txt")) as frames,
    ):
        next(frames)


def test_stills_need_no_qt(texts):
    program = (
        "import sys; from finetuner.frame_sources.source import open_source\n"
        f"with open_source({texts['folder']!r}) as frames: print(len(list(frames)))\n"
        "sys.exit('PySide6' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "2"), done.stderr


def test_without_an_application_one_is_made(clip):
    program = (
        "from finetuner.frame_sources.source import open_source\n"
        f"with open_source({str(clip)!r}) as frames: print(len(list(frames)) > 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr


@pytest.mark.parametrize(
    ("platform", "told"),
    [
        ("offscreen", "(12, 16, 3)"),
        pytest.param(
            "",
            "There is no screen here.",
            marks=pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have one"),
        ),
    ],
)
def test_a_program_without_an_application_may_look_at_the_screen(platform, told):
    program = (
        "import os; [os.environ.pop(name, '') for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'QT_QPA_PLATFORM')]\n"
        f"os.environ.update({ {'QT_QPA_PLATFORM': platform} if platform else {}!r})\n"
        "from finetuner.engine.errors import FinetunerError\n"
        "from finetuner.frame_sources.source import open_source\n"
        "try:\n"
        "    with open_source('screen:0:0,0,16,12') as frames: print(next(frames).pixels.shape)\n"
        "except FinetunerError as error: print(error.sentence)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, told), done.stderr
