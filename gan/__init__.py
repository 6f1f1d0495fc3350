"""The engine: generative adversarial networks on small pictures. It knows nothing of the app.

Importing this package imports no torch; `gan.learn.trainer` and `gan.parts.nets` do.
"""
