"""A run or an .onnx file, and images: ranked classes.

    predictor.py         open_model(path): what a run and an .onnx have in common
    run_predictor.py     a run folder, in torch
    onnx_predictor.py    an .onnx file, in onnxruntime; needs no torch
    onnx_guard.py        what a stranger's .onnx must not contain; onnx_operators.py: what it may be made of
    onnx_trial.py        the limited child that opens it first; quarantine.py: who sends it there
    sources.py           which files an image or folder stands for, and their pixels
    predict.py           predict(request): rows as they come
    score.py             evaluate(request): answers against a labelled folder
    robustness.py        robustness(request): answers to disturbed images; disturbances.py: the menu of them
    unknown.py           unknown(request): known images that pass, and images of other kinds
    stream.py            live: the latest frame wins, answers are smoothed, speed is measured
    steadiness.py        how far they are smoothed, and when another class may take over
    actions/             what happens when a label is shown: a plural folder
    disagreement.py      how often two models differ on the same frames
    freshness.py         which of them still speak of what is seen

Only `run_predictor` imports torch. To add a kind of model: write a class that fits `predictor.Predictor`, and
add its recognition to `open_model`.
"""
