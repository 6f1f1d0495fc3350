"""What leaves a run: picture sheets, a film, its history, its settings, its generator.

All of it is functions over records, samples and generators; only `save_generator` writes files. A generator as ONNX:
`gan.export.onnx_file`; a run as a script: `gan.export.script`.
"""

from gan.export.generator_file import (
    classes_named,
    from_noise,
    generator_zip,
    load_generator,
    sample,
    save_generator,
    zipped,
)
from gan.export.pictures import gif, grid, grid_png, in_colour, is_dots, marked, plane, png
from gan.export.settings_file import (
    history_csv,
    parse_settings,
    read_last_settings,
    read_settings,
    read_threads,
    settings_from,
    settings_json,
)  # fmt: skip

__all__ = [
    "classes_named", "from_noise", "generator_zip", "gif", "grid", "grid_png", "history_csv", "in_colour", "is_dots",
    "load_generator", "marked", "parse_settings", "plane", "png", "read_last_settings", "read_settings",
    "read_threads", "sample", "save_generator", "settings_from", "settings_json", "zipped",
]  # fmt: skip
