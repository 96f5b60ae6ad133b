"""The set-up script on machines that lack something. Each machine is a folder of programs that is the whole PATH."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [line.split() for line in (ROOT / "packaging/system-packages.txt").read_text("utf-8").splitlines()]
LIBRARIES = {row[0]: row[1] for row in PACKAGES if row and row[0] != "#"}


class Machine:
    """A checkout in a folder, and the few programs that this machine has."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.checkout = folder / "check out"
        self.programs.mkdir()
        shutil.copytree(ROOT / "packaging", self.checkout / "packaging")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)
        for tool in ("cat", "cksum", "dirname", "chmod", "mkdir"):
            (self.programs / tool).symlink_to(str(shutil.which(tool)))
        self.has("uname", "echo Linux")
        self.has("id", "echo 1000")
        self.has("ldconfig", "".join(f"echo '{library} (libc6)'\n" for library in LIBRARIES.values()))
        (self.checkout / "packaging/system-packages.txt").write_text(
            "\n".join(" ".join(row) for row in LIBRARIES.items() if not row[1].startswith("/"))
        )

    def has(self, program: str, script: str) -> None:
        """Give the machine a program."""
        path = self.programs / program
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def has_python(self, version: str, can_make_environments: bool = True) -> None:
        """A Python that answers what the script asks, makes environments, and reports how it was called."""
        self.has(
            "python3",
            f"""case $2 in
                *'%d.%d'*) echo {version} ;;
                *sys.exit*) [ {version.split(".")[1]} -ge 11 ] ;;
                *ensurepip*) exit {0 if can_make_environments else 1} ;;
                venv) mkdir -p "$4/bin"; printf '#!/bin/sh\\necho "installs $*"' > "$4/bin/python"
                      chmod +x "$4/bin/python" ;;
                *) echo "Python {version}.0" ;;
            esac""",
        )

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Source the script and prepare, as run.sh and test.sh do."""
        script = self.checkout / "packaging" / "start.sh"
        script.write_text('set -eu\n. "$(dirname "$0")/prepare.sh"\nprepare "$@"\necho ready\n')
        command = ["/bin/sh", str(script), *arguments]
        return subprocess.run(
            command,
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_no_python(machine: Machine) -> None:
    done = machine.run()
    assert (done.returncode, done.stdout) == (1, "")
    assert "needs Python 3.11 or newer. Found here: none." in done.stderr


def test_a_python_that_is_too_old_is_named(machine: Machine) -> None:
    machine.has_python("3.9")
    done = machine.run()
    assert done.returncode == 1
    assert "Found here: python3 is 3.9;" in done.stderr


def test_a_python_without_venv_names_its_package(machine: Machine) -> None:
    machine.has_python("3.12", can_make_environments=False)
    done = machine.run()
    assert done.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends python3.12-venv\n" in done.stderr


def test_a_missing_library_names_its_package_and_the_rest_goes_on(machine: Machine) -> None:
    machine.has_python("3.11")
    machine.has("ldconfig", "echo 'libGL.so.1 (libc6)'")
    done = machine.run()
    assert done.stdout.endswith("ready\n")
    assert " libegl1 " in done.stderr
    assert " libgl1 " not in done.stderr


def test_an_extra_has_packages_of_its_own(machine: Machine) -> None:
    machine.has_python("3.11")
    (machine.checkout / "packaging/dev-packages.txt").write_text("# why\nabrowser libabrowser.so.1\n")
    assert "abrowser" not in machine.run().stderr
    done = machine.run("dev")
    assert "sudo apt-get install -y --no-install-recommends abrowser\n" in done.stderr
    assert done.stdout.endswith("ready\n")


def test_root_has_the_missing_installed(machine: Machine) -> None:
    machine.has_python("3.11")
    libraries = (machine.programs / "ldconfig").read_text()
    machine.has("ldconfig", "true")
    machine.has("id", "echo 0")
    machine.has("env", 'shift; "$@"')
    restore = f"cat > {machine.programs}/ldconfig <<'EOF'\n{libraries}\nEOF"
    machine.has("apt-get", f'echo "apt-get $*"; case $1 in install) {restore}\n;; esac')
    done = machine.run()
    assert done.stdout.endswith("ready\n")
    assert "apt-get update" in done.stderr
    assert "apt-get install -y -qq --no-install-recommends libglib2.0-0 libgl1" in done.stderr
    assert "sudo" not in done.stderr


def test_installs_once_and_then_starts_at_once(machine: Machine) -> None:
    machine.has_python("3.11")
    first, second = machine.run(), machine.run()
    assert f"installs {machine.checkout}/packaging/install.py {machine.checkout}\n" in first.stdout
    assert second.stdout == "ready\n"
    assert second.stderr == ""


def test_an_extra_has_its_own_stamp(machine: Machine) -> None:
    machine.has_python("3.11")
    machine.run()
    assert f"{machine.checkout}[dev]\n" in machine.run("dev").stdout
    assert machine.run("dev").stdout == "ready\n"


def test_installs_again_when_the_requirements_change(machine: Machine) -> None:
    machine.has_python("3.11")
    machine.run()
    with open(machine.checkout / "pyproject.toml", "a", encoding="utf-8") as file:
        file.write("# one more requirement\n")
    assert "installs" in machine.run().stdout


def test_makes_a_new_environment_where_the_checkout_has_moved(machine: Machine) -> None:
    machine.has_python("3.11")
    machine.run()
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("elsewhere"))
    done = machine.run()
    assert "Making an environment" in done.stderr
    assert f"installs {machine.checkout}/packaging/install.py" in done.stdout


def test_an_installation_that_failed_is_tried_again(machine: Machine) -> None:
    machine.has_python("3.11")
    machine.run()
    for stamp in (machine.checkout / ".venv").glob(".installed*"):
        stamp.unlink()
    (machine.checkout / ".venv/bin/python").write_text("#!/bin/sh\nexit 1\n")
    assert machine.run().returncode == 1
    assert machine.run().returncode == 1
