"""The engine: everything that needs no screen.

The pipeline, room by room; a room imports only from the rooms above it in this list:

    errors, paths, files   the ground: how trouble is told, where things live, how a file is written
    documents, interpreter how a file is read that somebody else may have written; how a process of our own is started
    job, events            what goes in (one Job) and what comes out (a stream of frozen events)
    requests               the argument of every long call: scan, train, evaluate, explain, export, ...
    run_store/             a run is a folder; this room creates, appends, lists, compares and trashes them
    dataset/            1  folder -> labelled files -> split -> pixels
    backbones/          2  catalogue -> network with blocks and a head -> the deployed model
    strategies/         3  block names + options -> a plan (phases by blocks, a learning rate in each cell)
    evaluation/         3  predictions -> scores, intervals, confusion, report: pure numbers
    training/           4  train(job): the one loop, a generator of events
    explanations/       5  where the network looks
    advice/             5  which backbone suits the images, before anything is trained
    exporters/          5  out of the app, verified
    prediction/         6  a run or an .onnx -> ranked classes
    teaching/           7  frames that somebody names as they come -> a head solved again
    launchers/          8  where a request runs: in this thread, or in the engine's own process
"""
