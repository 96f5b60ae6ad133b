"""Teaching: frames that somebody names while they come, and a head that is solved again with each of them.

    names        what a class may be called, since its name is also that of its folder
    captured     the captured set: a folder of frames for each class, which is itself a data set
    thinning     frames that look like one that is kept already are left out
    extractor    the frozen network as an .onnx whose output are features
    lesson       the captured set in memory: each frame's features, computed once
    rows         features with labels and groups, as a file between two processes
    head         the linear map that was solved last; TaughtPredictor answers with it
    settings     how much is kept, and how often
    places       where captured sets lie

With torch, in the engine's own process:
    prepare      writes the extractor, and the features of the run that teaching goes on from
    fit          solves the head; measures it on bursts it has not seen
    handing_over what was taught, as the job of an ordinary run

Nothing here knows the window. To teach with another kind of features: another way to write the file of `prepare`.
"""
