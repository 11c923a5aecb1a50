"""What passkeys are bound to in this installation: its public address, or `localhost` on a developer's machine."""

from urllib.parse import urlsplit

from flask import current_app, request

from pdp.factors.service.ceremony import Site


def find_site() -> Site | None:
    """Return the host and the origin of passkeys; None where there can be none.

    An installation says its address in PDP_PUBLIC_URL: what a request says of its host is never believed there.
    """
    settings = current_app.config["PDP"]
    if settings.public_url:
        address = urlsplit(settings.public_url)
        return Site(address.hostname or "", f"{address.scheme}://{address.netloc}")
    if settings.production or request.host.partition(":")[0] != "localhost":
        return None
    return Site("localhost", request.host_url.rstrip("/"))
