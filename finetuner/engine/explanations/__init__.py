"""Where does the network look? One file per method.

    explain.py      explain(request): image in, overlay and heat map as PNG out
    explanation.py  what a method must offer
    grad_cam.py     Grad-CAM
    tap.py          one layer's output and its gradient, by hooks that are gone after the `with` block
    target.py       which layer to look at, told from a forward pass
    layout.py       feature maps, channels-last maps and tokens as one shape: N, C, h, w
    render.py       heat on a photo

To add a method: write one file with a class that fits `explanation.Explanation`, add one line here. The page's
menu, the flag's choices and the contract test read this dict.
"""

EXPLANATIONS: dict[str, str] = {
    "grad-cam": "finetuner.engine.explanations.grad_cam:GradCam",
}
