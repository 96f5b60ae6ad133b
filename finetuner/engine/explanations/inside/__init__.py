"""What does a layer hold?

filters                    the weights of the layer that sees the image
feature_maps               what its strongest channels answer to this image
attention_rollout          where the class token's attention comes from, through all layers
activation_maximisation    an image that the class, or a channel, likes best
deepdream                  the photo with more of what a layer sees in it
most_activating            the images of the run to which its strongest channels answer most
channels                   which channels of a layer answer most
ascent                     an image that climbs a gradient
"""
