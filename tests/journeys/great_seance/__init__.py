"""A séance of forty requests and twelve members, played in Chromium by everybody at once.

`play.play(stage)` tells it from the opening to the composed minutes, in the words of `steps`. The agenda is in
`agenda`, who sits in `cast`, the pages and how they are watched in `screens`, what their agreement cost in
`delays`, the votes counted again by plain SQL in `recount`.
"""
