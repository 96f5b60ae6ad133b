"""What happens when a label is shown: one file per action. All are off until their option says what they need.

    act.py      act(sight, options): every action that is wanted, each by itself; trigger.py says when
    action.py   ActionsPart: the options; Sight: what was seen; Outcome: what came of it
    sound.py    a tone, for whoever has a loudspeaker
    table.py    a line in a CSV
    frame.py    the frame as a PNG, in a folder for its label
    post.py     label, probability and time to an address; never the image

To add an action: write one file with a class that fits `action.Action`, add one line here and its option to
`ActionsPart`. A contract test walks over all of them.
"""

ACTIONS: dict[str, str] = {
    "sound": "finetuner.engine.prediction.actions.sound:Sound",
    "table": "finetuner.engine.prediction.actions.table:Table",
    "frame": "finetuner.engine.prediction.actions.frame:SavedFrame",
    "post": "finetuner.engine.prediction.actions.post:Post",
}
