"""The demo world: one cellule on the nine practical cases, built through the services.

Fictitious people only. It refuses any address but loopback and any production setting.
"""
