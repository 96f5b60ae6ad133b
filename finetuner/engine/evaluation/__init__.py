"""Predictions in, judgement out: pure numbers, and the report that shows them.

    numeric.py       log-softmax and softmax without a framework
    intervals.py     how sure a share of n images is
    certainty.py     too few images to tell: one rule for all who show a figure
    calibration.py   one temperature, so that 80 % means 80 %
    scores.py        accuracy, confusion, per-class figures: `Scores`, the content of metrics.json
    thresholds.py    share answered, precision and recall where improbable answers are unsure
    strangers.py     images of other kinds: AUROC, and what is told of them
    costs.py         the thresholds of least expected cost
    projection.py    features on a plane: PCA, t-SNE
    comparison.py    two models on the same images: McNemar's test, each class, what changed
    paired.py        the difference of two shares of the same images, with its interval
    two_runs.py      the same of two runs, on what both held out
    ranking.py       several raced runs: which to take, and why
    tables.py        metrics.json and predictions.csv
    charts.py        curves as inline SVG
    class_charts.py  ROC, precision-recall and calibration as such
    findings.py      findings.json: likely wrong labels, robustness, where they were looked into
    report.py        report.html: one file, printable, no script
    model_card.py    model_card.md: what the model is for, its figures and limits

Nothing here imports torch. To add a figure: compute
it in the file of its noun from (truth, logits), add a field to `events.Scores`, show it in the template
`resources/report/report.html.j2`.
"""
