"""The engine: generative adversarial networks on small pictures. It knows nothing of the app.

Importing this package imports no torch; `gan.learn.trainer` and `gan.parts.nets` do.
"""

import os

# How often torch's waiting threads look again before they sleep: enough for the next layer, too little to starve the
# page. It is read when torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "3000")

# What MPS cannot do, the processor does for it. Read when torch is imported, too.
os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
