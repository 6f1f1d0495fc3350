"""The engine: generative adversarial networks on small pictures. It knows nothing of the app.

Importing this package imports no torch; `gan.learn.trainer` and `gan.parts.nets` do.
"""

import os

# Torch's waiting threads sleep instead of spinning, which would starve the page. It is read when torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "0")
