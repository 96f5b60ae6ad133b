"""Any page alone, or in the window, as a picture: `python -m finetuner.gui.preview PAGE --out page.png`.

__main__    the command: --dark, --scale 2, --window, --width, --height, --empty
picture     a page with a session, rendered to PNG
demo        a session with demo data: a launcher that replays events instead of computing
            (demo_run, demo_answers, demo_model, demo_inside: the events)
"""
