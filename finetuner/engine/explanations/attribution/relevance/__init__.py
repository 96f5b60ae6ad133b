"""Layer-wise relevance propagation as a gradient with other rules: gradient times value is a tensor's relevance.

propagation   the network's calls met on their way, each given its rule
linear        epsilon, gamma, z+ and box: how a convolution or a linear layer hands relevance back
attention     heads of nn.MultiheadAttention, their weights held fixed
"""
