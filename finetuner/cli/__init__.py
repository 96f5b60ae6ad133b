"""The command line: one file per verb, each a function whose parameters are its flags.

To add a verb: write a file with one public function, add a line to `VERBS`. A verb imports the engine's heavy
rooms inside its function, so that `--help` stays quick.
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
