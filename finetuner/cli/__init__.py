"""The command line: one file per verb, each a function whose parameters are its flags.

To add a verb: write a file with one public function, add a line to `VERBS` and to `IN_A_LINE`. A verb
imports the engine's heavy rooms inside its function, so that `--help` stays quick.
"""

VERBS: dict[str, str] = {
    "scan": "finetuner.cli.scan:scan",
    "backbones": "finetuner.cli.backbones:backbones",
    "advise": "finetuner.cli.advise:advise",
    "train": "finetuner.cli.train:train",
    "race": "finetuner.cli.race:race",
    "evaluate": "finetuner.cli.evaluate:evaluate",
    "suspects": "finetuner.cli.suspects:suspects",
    "refit": "finetuner.cli.refit:refit",
    "embed": "finetuner.cli.embed:embed",
    "thresholds": "finetuner.cli.thresholds:thresholds",
    "unknown": "finetuner.cli.unknown:unknown",
    "explain": "finetuner.cli.explain:explain",
    "concept": "finetuner.cli.concept:concept",
    "style": "finetuner.cli.style:style",
    "shortcuts": "finetuner.cli.shortcuts:shortcuts",
    "export": "finetuner.cli.export:export",
    "predict": "finetuner.cli.predict:predict",
    "runs": "finetuner.cli.runs:runs",
    "compare": "finetuner.cli.compare:compare",
    "doctor": "finetuner.cli.doctor:doctor",
}

IN_A_LINE: dict[str, str] = {
    "scan": "Look at a data set: its classes, splits and problems.",
    "backbones": (
        "List the backbones: the one in the box, timm's, torchvision's, classic papers', and your own weight files."
    ),
    "advise": "Rank backbones by what a quick head makes of their features, on training images held out in turn.",
    "train": "Train on DATA: a folder of labelled images, or a CSV/TSV manifest.",
    "race": "Race strategies on DATA: the same split and seed, equal shares of one time budget, ranked with intervals.",
    "evaluate": "Score RUN on DATA: accuracy with its 95 % interval, confusion, figures per class.",
    "suspects": "Rank RUN's images by how likely their label is wrong.",
    "refit": "Solve the head of RUN again with CORRECTIONS, into a new run; the images stay divided as they were.",
    "embed": "Put RUN's images on a plane, near each other those that its network sees alike; print a CSV table.",
    "thresholds": (
        'Tell RUN below which probability it is to say "unsure", and what that gives on its validation images.'
    ),
    "unknown": "Tell how many known images RUN takes for known, and how many images of other kinds for unknown.",
    "explain": "Draw why RUN answers as it does for IMAGE.",
    "concept": "Tell for which classes of RUN the concept that the images in FOLDER show matters (TCAV).",
    "style": "Paint the image CONTENT in the manner of the image STYLE, as a VGG sees both.",
    "shortcuts": "Find out whether classes of RUN are decided by the border or the background of their images.",
    "export": "Write RUN's best model as a file that was run and compared with the app on held-out images.",
    "predict": "Answer SOURCE with MODEL.",
    "runs": "List your runs with their key figures, or compare the RUN folders given.",
    "compare": "Compare two runs, A and B, image by image: McNemar's test, each class, the answers that changed.",
    "doctor": "Test the devices, and say why the CPU is used when it is.",
}
"""The first line of what each verb says of itself: to list them all, none has to be imported."""
