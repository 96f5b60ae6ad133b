"""Does an idea of one's own matter for a class? Concept activation vectors (Kim et al., TCAV, 2018).

A concept is a folder of images that show it: stripes, snow, a hand in the picture. The answer is a share and its
significance rather than a picture, and it holds for a class rather than for one image.

tcav            concept(request): folders in, one sentence for each class out
pictures        images as the network takes them: of a folder, and of a class of the run
activations     what a layer answers to them, and how a class's logit changes with it
directions      the line from random images to the concept, drawn anew many times
significance    may the share be chance?
"""
