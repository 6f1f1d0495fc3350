"""Whether this Python can run the app: says why not, and exits with 1. Old Pythons read this: it has no new words.

Asked for `ready`, whether it can at once. The folder that it runs in is the app's.
"""

import glob
import platform
import struct
import sys
import sysconfig

OLDEST, NEWEST = (3, 11), (3, 14)  # PyTorch has wheels for these
OLDEST_GLIBC = (2, 28)


def facts():
    """What `why_not` asks of a Python."""
    return {
        "version": tuple(sys.version_info[:2]),
        "bits": struct.calcsize("P") * 8,
        "built_for": sysconfig.get_platform(),
        "machine": platform.machine(),
        "libc": platform.libc_ver(),
        "maker": platform.python_implementation(),
        "is_free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    }


def why_not(version, bits, built_for, machine, libc, maker, is_free_threaded):
    """A sentence, or nothing for a Python that can."""
    name, wanted = "Python " + _dotted(version), _dotted(OLDEST) + " to " + _dotted(NEWEST)
    if maker != "CPython":
        return "This Python is " + maker + ", and PyTorch is made for CPython alone."
    if version < OLDEST:
        return name + " is too old: it takes " + wanted + "."
    if version > NEWEST:
        return name + " is too new, there is no PyTorch for it yet: it takes " + wanted + "."
    if is_free_threaded:
        return name + " is one without a global lock (free-threaded): take the usual one."
    if bits != 64:
        return name + " here has 32 bits: take one with 64 bits. A computer with 32 bits cannot run PyTorch."
    if built_for == "win-arm64":
        return "Windows on ARM cannot run this: there is no PyTorch for it among Python's packages."
    if built_for.startswith("macosx") and machine != "arm64":
        return (
            "Intel Macs cannot run this: there is no current PyTorch for them. "
            "On a Mac with a chip of Apple's, take the Python of python.org, not one for Intel."
        )
    if built_for.startswith("linux"):
        return _why_no_linux(machine, libc)
    if built_for != "win-amd64" and not built_for.startswith("macosx"):
        return "This Python is built for " + built_for + ", and PyTorch is not: take the one of python.org."
    return ""


def _why_no_linux(machine, libc):
    if machine not in ("x86_64", "aarch64"):
        return "There is no PyTorch for processors of the kind " + machine + "."
    kind, number = libc
    if kind != "glibc" or tuple(int(part) for part in number.split(".")[:2]) < OLDEST_GLIBC:
        found = (kind + " " + number).strip() or "another one"
        return "PyTorch takes a Linux with glibc " + _dotted(OLDEST_GLIBC) + " or newer; here is " + found + "."
    return ""


def tag():
    """How the folder of this Python's packages begins, such as cp313-windows-amd64."""
    kind = platform.system() + "-" + platform.machine()
    return "cp" + _dotted(sys.version_info[:2]).replace(".", "") + "-" + kind.lower()


def is_ready():
    """Whether packages for this Python are here, installed or as wheels, so that it takes no network."""
    wheel = "wheelhouse/torch-*-" + tag().split("-")[0] + "-*.whl"
    return bool(glob.glob("environment/" + tag() + "-*/whole.txt") or glob.glob(wheel))


def _dotted(version):
    return ".".join(str(part) for part in version)


if __name__ == "__main__":
    reason = why_not(**facts())
    if reason:
        print(reason)
    sys.exit(bool(reason) or ("ready" in sys.argv and not is_ready()))
