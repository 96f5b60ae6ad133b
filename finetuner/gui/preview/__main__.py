"""`python -m finetuner.gui.preview PAGE --out page.png [--dark] [--scale 2] [--window] [--empty] [--data FOLDER]`."""

import argparse
import os
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Render one page to a PNG."""
    options = _parser().parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    from PySide6.QtWidgets import QApplication

    from finetuner.gui import theme
    from finetuner.gui.preview.picture import take

    app = QApplication(sys.argv[:1])
    theme.apply(app, "dark" if options.dark else "light")
    take(options.page, options.out, options.width, options.height, options.window, options.data, options.empty)
    return 0


def _parser() -> argparse.ArgumentParser:
    from finetuner.gui.pages import PAGES

    parser = argparse.ArgumentParser(prog="python -m finetuner.gui.preview", description=__doc__)
    parser.add_argument("page", choices=list(PAGES))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--window", action="store_true", help="the whole window, with the rail")
    parser.add_argument("--empty", action="store_true", help="a first start, without demo data")
    parser.add_argument("--data", type=Path, help="show this data set instead of the drawn sample")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
