"""The adviser: which backbone suits these images, told before anything is trained.

    advise      the generator: one pass of each frozen backbone over the images, judged as it streams
    logme       the evidence that its features explain the labels
    trial       heads tried on held-out folds: ridge and nearest neighbours, with hits to count
    ranking     from figures to an order, an efficient frontier and a sentence; torch-free

The features land in the store that training uses (`training.feature_store`), so the chosen one starts at once.
"""
