"""What a server has done before anybody asks for it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

FIRST_PICTURES = """
import gc, sys, threading
from gan.runs.server.warm import warm_up
from gan.setup import presets

warm_up()
for thread in threading.enumerate():
    thread is threading.main_thread() or thread.join()
ready = set(sys.modules)
sys.modules["gan.learn.preview"].preview(presets.get("quick"))
late = {name for name in sys.modules.keys() - ready if not name.startswith(("gan.", "encodings."))}
assert not late, (len(late), {name.partition(".")[0] for name in late})
assert len(gc.get_objects()) < gc.get_freeze_count() / 10  # few are left to look through after each live update
"""


def test_the_first_pictures_wait_for_no_import_of_torchs():
    subprocess.run([sys.executable, "-c", FIRST_PICTURES], cwd=ROOT, check=True)
