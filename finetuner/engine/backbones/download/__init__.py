"""Fetching published weights, only when the user asks. The one place in the engine that opens a socket.

    task         download(request): the story of one download, told in events
    origin       where an entry is published: `hub`, `torchvision_files`; what to ask there, where the file belongs
    published    what a server says of a file, checked before anything is believed
    child        the process that talks to the network, through the hub's own client (proxies, HF_ENDPOINT, tokens,
                 retries, resuming); `order` starts it, watches it, and can end it at any moment, whatever it waits for
    part         the unfinished file: what has come so far, and whether it is what was promised
    pace         how fast, how long yet
    trouble      what went wrong, as a sentence with a next step

A file gets its final name only after its size and its full SHA-256 are right. What a broken connection leaves is
taken up by the next try; what is wrong is thrown away and fetched once more, and then told with both hashes.
"""
