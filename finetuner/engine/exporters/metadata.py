"""What a file says of itself: this app's own keys, and beside them those that other tools look for.

`names` is a JSON list in index order. Ultralytics reads it as it is, together with `task`, `imgsz`, `stride` and
`batch`; OpenVINO Model API reads the keys that begin with `model_info`; Netron shows all of them.
"""

import json

from finetuner import __version__
from finetuner.engine.backbones.deployed import Trained

LICENSE = "Not stated; the weights keep the licence of the pretrained network they come from."


def metadata(trained: Trained, author: str) -> dict[str, str]:
    """What a reader of the file should know without asking anybody."""
    return own_keys(trained, author) | ultralytics_keys(trained) | model_api_keys(trained)


def own_keys(trained: Trained, author: str) -> dict[str, str]:
    """This app's: classes, preprocessing, calibration, origin.

    `thresholds`: a JSON object from class name to the least probability with which it is to be answered. Where the file
    gives an `unknown` score: `unknown_threshold`, above which an image is unknown, `unknown_known_share`, the share of
    known images that are not, and `unknown_method`.
    """
    rule, names = trained.network.preprocessing, _listed(trained.classes)
    return {
        "names": names,
        "labels": names,
        "input_size": json.dumps(rule.input_size),
        "mean": json.dumps(rule.mean),
        "std": json.dumps(rule.std),
        "interpolation": rule.interpolation,
        "crop_pct": json.dumps(rule.crop_pct),
        "temperature": json.dumps(trained.temperature),
        "thresholds": trained.thresholds.as_metadata(),
        **(trained.cut.as_metadata() if trained.cut else {}),
        "author": author,
        "license": LICENSE,
        "finetuner_version": __version__,
        "backbone": trained.network.name,
    }


def ultralytics_keys(trained: Trained) -> dict[str, str]:
    """Those that Ultralytics writes into its own classifiers. `imgsz` is the size inside; any size may be given."""
    size = trained.network.preprocessing.input_size
    return {
        "description": f"Image classifier on {trained.network.name}",
        "task": "classify",
        "imgsz": json.dumps([size, size]),
        "stride": "1",
        "batch": "1",
        "channels": "3",
    }


def model_api_keys(trained: Trained) -> dict[str, str]:
    """Those of OpenVINO Model API: a list of labels without spaces, and that preprocessing is in the graph already."""
    told = {
        "model_type": "Classification",
        "labels": " ".join("_".join(name.split()) for name in trained.classes),
        "embedded_processing": "True",
        "resize_type": "crop",
        "multilabel": "False",
        "hierarchical": "False",
    }
    return {f"model_info {key}": value for key, value in told.items()}


def _listed(names: tuple[str, ...]) -> str:
    """JSON that is a list in Python as well, which is how Ultralytics reads it; so nothing is escaped that need not."""
    plain = json.dumps(names, ensure_ascii=False)
    try:
        plain.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(names)
    return plain
