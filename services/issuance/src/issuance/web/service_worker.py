"""The scanner page's service worker, which keeps the page for times without a network."""

import json
from collections.abc import Mapping

from shared.http.assets import Asset, asset

PAGE, WORKER = "scan.html", "service-worker.js"
_PLACE = '"FILES"'
"""What the service worker's text holds where the list of files belongs."""


def service_worker(files: Mapping[str, Asset]) -> Asset:
    """The service worker with the list of all files and their digests: it keeps these and no others.

    Licences are served, but the page does not need them.
    """
    kept = {"": files[PAGE].integrity}
    for path, file in sorted(files.items()):
        if path not in (PAGE, WORKER) and not path.endswith(".md"):
            kept[f"static/{path}"] = file.integrity
    text = files[WORKER].plain.decode().replace(_PLACE, json.dumps(kept, indent=1))
    return asset(WORKER, text.encode())
