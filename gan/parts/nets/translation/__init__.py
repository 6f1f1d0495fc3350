"""The architectures of translators from picture to picture."""
