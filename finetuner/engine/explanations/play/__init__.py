"""To play with: what a network knows of textures, used to paint. It needs no run, but a VGG's weights.

style       style_transfer(request): a picture in the manner of another
gatys       painted by gradients (Gatys et al., 2016)
adain       painted in one pass by a decoder (Huang & Belongie, 2017)
statistics  what a style is: Gram matrices, means and deviations
vgg         a VGG's convolutions, read from its weights
best_vgg    which of those on this disk
stack       a chain of convolutions, whatever its file calls them
canvas      pictures in and out, at a size that can be computed
"""
