"""What a registry says of an image without giving it: `GET /distribution/NAME/json`.

Mirrors moby's api/server/router/distribution. Images are for one platform, so there is no manifest list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from simulator.engine.fields import Document
from simulator.engine.image import Image
from simulator.engine.image_pull import digest_of
from simulator.engine.layer import EMPTY
from simulator.engine.reference import reference_from_text

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

KIND = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG_KIND = "application/vnd.docker.container.image.v1+json"
LAYER_KIND = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def inspected(daemon: Daemon, name: str) -> Document:
    """Raises the registry's refusals."""
    reference = reference_from_text(name).with_latest()
    daemon.registry.connect(daemon.nameserver)
    image = daemon.registry.find(reference)
    descriptor = {"mediaType": KIND, "digest": digest_of(daemon, image), "size": _manifest_size(image)}
    return {"Descriptor": descriptor, "Platforms": [{"architecture": image.architecture, "os": "linux"}]}


def _manifest_size(image: Image) -> int:
    """Bytes of the manifest as Docker writes it. Digests are all of one length."""
    identity = image.id
    manifest = {
        "schemaVersion": 2,
        "mediaType": KIND,
        "config": {"mediaType": CONFIG_KIND, "size": len(image.json), "digest": identity},
        "layers": [{"mediaType": LAYER_KIND, "size": blob.size, "digest": EMPTY} for blob in image.blobs],
    }
    return len(json.dumps(manifest, indent=3))
