"""A real Chromium for the journeys, and poppler to read seals: found, or installed from Debian's packages."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "libatomic1", "fonts-dejavu-core", "poppler-utils")


def find() -> str | None:
    """Return the path of an installed Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> str:
    """Return the path of a Chromium, after installing it when that is allowed.

    Exits with a clear message and a failure when it is missing and may not be installed.
    """
    if (found := find()) and shutil.which("pdfsig"):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            "The tests need a real Chromium and poppler; one of them is not installed.\n"
            f"Install it, then run the tests again: sudo apt-get install {' '.join(PACKAGES)}"
        )
    print(f"Installing {', '.join(PACKAGES)} from Debian's packages…", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *command], check=True, env=environment, stdout=subprocess.DEVNULL)
    found = find()
    if not found:
        sys.exit("Chromium was installed but is not on the path.")
    return found


if __name__ == "__main__":
    print(f"Chromium: {ensure()}")
