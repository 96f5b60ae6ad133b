"""The window: it shows and asks. Numbers are made in the engine, pixels here; this process never imports torch.

    app           starts the application and leaves nothing behind
    main_window/  the rail, the page in sight, what is asked at closing, what waits at opening
    preview/      a page or the window as a picture, with demo data
    pages/        one for each step; they do not know each other
    session/      what the pages share
    bridge/       the staircase to the engine: worker threads, frames, images
    forms/        an option declared in `engine.job` becomes a row of a form
    widgets/      reusable; they know Qt and nothing of Finetuner
    theme/        named colours and sizes, fonts, icons
    settings      the preferences on disk

Floors, from the top: app, preview, main_window, pages, session, bridge and forms, widgets, theme, settings.
"""
