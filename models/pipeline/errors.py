"""Errors that a person can act on: each says what is missing and how to get it."""

PACKAGES = {
    "numpy": "python3-numpy",
    "scipy": "python3-scipy",
    "torch": "python3-torch libopenblas0-pthread",
    "onnx": "python3-onnx",
    "yaml": "python3-yaml",
}


class PipelineError(Exception):
    """A failure whose message already holds the remedy, so no stack trace is shown for it."""


def missing_module(error: ModuleNotFoundError) -> PipelineError:
    """Turns Python's import error into the command that installs what is missing."""
    package = PACKAGES.get((error.name or "").split(".")[0])
    if package is None:
        raise error
    return PipelineError(
        f"Python module '{error.name}' is missing. On Debian or Ubuntu: sudo apt-get install {package} "
        "(and run with /usr/bin/python3, which sees Debian's packages)."
    )
