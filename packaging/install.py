"""Install Finetuner into the environment whose Python runs this file: by uv, many times faster, or else by pip.

Called by prepare.sh before anything is installed, so: standard library only. pip's own configuration (its files and
PIP_* variables) decides where packages come from, whichever of the two does the work; so whoever wants the small
CPU-only torch points pip at an index that has it.
"""

import ast
import os
import shutil
import subprocess
import sys

# What of pip's configuration uv must be told, and by which variable.
TOLD = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
# What says nothing about which packages to take. Any other setting is pip's alone, and pip does the work.
HARMLESS = {"cache-dir", "disable-pip-version-check", "no-cache-dir", "no-color", "no-input", "progress-bar"}
HARMLESS |= {"break-system-packages", "quiet", "require-virtualenv", "retries", "root-user-action", "user", "verbose"}

DISK_GB = 8


def main(project: str) -> int:
    """Install `project`, a folder with or without [extras]; 0 when everything is there and fits together."""
    announce()
    if not (install_with_uv(project) or run("-m", "pip", "install", "--editable", project)):
        say("The installation did not finish. What pip says above is the reason; run the same command again to go on.")
        return 1
    return 0 if torch_and_torchvision_fit() else 1


def announce() -> None:
    """Say what is about to take minutes and gigabytes."""
    say("Installing Finetuner and what it builds on. This happens once.")
    if sys.platform == "linux":
        say("On Linux torch comes with NVIDIA's libraries: expect about 3 GB of download and 6 GB on disk.")
    free = shutil.disk_usage(sys.prefix).free / 1e9
    if free < DISK_GB:
        say(f"Only {free:.1f} GB are free in {sys.prefix}; if it stops for lack of space, free some and run it again.")


def install_with_uv(project: str) -> bool:
    """Whether uv could be had, understood pip's configuration, and installed everything."""
    environment = uv_environment(pip_settings())
    if environment is None or not run("-m", "pip", "install", "--quiet", "uv"):
        return False
    command = ("-m", "uv", "pip", "install", "--python", sys.executable, "--editable", project)
    if run(*command, environment=os.environ | environment):
        return True
    say("uv could not install it; trying again with pip.")
    return False


def pip_settings() -> dict[str, str]:
    """pip's configuration for `pip install`; the environment wins over files, as in pip."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    rows = dict(line.split("=", 1) for line in listing.stdout.splitlines() if "=" in line)
    sections = ("global.", "install.", ":env:.")
    return {key.removeprefix(s): ast.literal_eval(rows[key]) for s in sections for key in rows if key.startswith(s)}


def uv_environment(settings: dict[str, str]) -> dict[str, str] | None:
    """The same configuration in uv's variables; None when it holds something that only pip understands."""
    if set(settings) - set(TOLD) - HARMLESS:
        return None
    told = {TOLD[key]: " ".join(value.split()) for key, value in settings.items() if key in TOLD}
    if "UV_FIND_LINKS" in told:
        told["UV_FIND_LINKS"] = told["UV_FIND_LINKS"].replace(" ", ",")
    # pip takes the best version over all places; uv by itself stops at the first place that knows the name.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match"} | told


def torch_and_torchvision_fit() -> bool:
    """A CPU-only torch beside a CUDA torchvision, or the reverse, installs well and fails at import."""
    if run("-c", "import torch, torchvision; torchvision.ops.nms"):
        return True
    say("torch and torchvision do not fit together: they must come from the same place. Remove .venv, point pip at")
    say("one index that has both (PIP_EXTRA_INDEX_URL), and run the same command again.")
    return False


def run(*arguments: str, environment: dict[str, str] | None = None) -> bool:
    """Run this environment's Python with `arguments`; whether it succeeded."""
    return subprocess.run([sys.executable, *arguments], env=environment, check=False).returncode == 0


def say(sentence: str) -> None:
    """Progress goes to stderr, as everything that is not a result."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
