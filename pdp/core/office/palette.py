"""The colours of the printed documents, as the office formats write them (the PDF has its own file)."""

INK = "16272C"
INK_2 = "43565C"
RULE = "BAC7C7"
PRUNE = "64225A"
WHITE = "FFFFFF"
