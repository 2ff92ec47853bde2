"""The small .NET program in `TextCheck/`: reads an assembly's resources, and runs sentence encoders over texts with the product's own tokeniser."""
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

from . import paths
from .errors import PipelineError


@cache
def build() -> Path:
    """Builds it once a run, since it is made of the product's sources too; needs the .NET SDK 10."""
    if shutil.which("dotnet") is None:
        raise PipelineError("The .NET SDK 10 is missing: https://dotnet.microsoft.com/download")
    made = subprocess.run(["dotnet", "build", "-c", "Release", str(paths.TEXT_CHECK)], capture_output=True, text=True)
    if made.returncode != 0:
        raise PipelineError(f"TextCheck does not build:\n{made.stdout}")
    return paths.TEXT_CHECK / "bin" / "Release" / "net10.0" / "TextCheck.dll"


def run(*arguments: str) -> str:
    done = subprocess.run(["dotnet", str(build()), *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise PipelineError(f"TextCheck failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def sentences(spec: dict, file: Path) -> dict:
    """Runs one model as the spec says (see SentenceSpec.cs) and returns the report."""
    file.write_text(json.dumps(spec))
    return json.loads(run("sentences", str(file)))
