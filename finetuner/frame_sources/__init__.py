"""Where frames come from: one file per source, each a `with` block that gives frames.

    with open_source("0") as frames:          # a camera's number, an image, a folder, a video file, an address, ...
        for frame in frames:
            frame.pixels, frame.name, frame.seconds

    frame.py        a frame: uint8 H x W x 3 RGB, its name and time
    source.py       open_source: which source a text means
    image.py        one image
    folder.py       the images of a folder, in order
    video.py        a video file        } QtMultimedia, imported only when a source is opened
    camera.py       a camera            }
    screen.py       a screen or a part  }
    window.py       a program's window  }
    network.py      an address          }
    stream.py       what these share: a Qt object that emits frames, `ended`, `failed`
    capture.py      what screen and window share; camera_hardware.py, capture_hardware.py: what they ask of the machine
    pump.py         a stream as a `with` block for programs without a window
    multimedia.py   the one place that imports QtMultimedia, with a sentence when it cannot

A window connects to a `Stream` itself; the command line walks it through `pump`. To add a source: write one file
with a class that fits `source.FrameSource`, add one line here and its recognition to `source.kind_of`.
"""

FRAME_SOURCES: dict[str, str] = {
    "image": "finetuner.frame_sources.image:ImageSource",
    "folder": "finetuner.frame_sources.folder:FolderSource",
    "video": "finetuner.frame_sources.video:VideoSource",
    "camera": "finetuner.frame_sources.camera:CameraSource",
    "screen": "finetuner.frame_sources.screen:ScreenSource",
    "window": "finetuner.frame_sources.window:WindowSource",
    "network": "finetuner.frame_sources.network:NetworkSource",
}
