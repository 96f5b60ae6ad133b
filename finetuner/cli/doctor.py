"""finetuner doctor: versions, a real kernel on each device, and what else a run needs."""

from rich.table import Table

from finetuner.cli.output import last, print_json, print_table, say
from finetuner.engine.events import DeviceChecked, DoctorEnded
from finetuner.engine.requests import DoctorRequest


def doctor(*, json: bool = False) -> None:
    """Test the devices, and say why the CPU is used when it is.

    Parameters
    ----------
    json
        Print the result as JSON.
    """
    from finetuner.engine.training.hardware import doctor as examine

    found = last(examine(DoctorRequest()))
    if isinstance(found, DoctorEnded) and json:
        print_json(found.model_dump(mode="json", exclude={"kind"}))
    elif isinstance(found, DoctorEnded):
        _print(found)


def _print(found: DoctorEnded) -> None:
    print_table(_devices(found.devices))
    for device in found.devices:
        if device.reason:
            say(f"{device.device}: {device.reason} {device.fix}".strip())
    for title, text in (found.checks | found.versions).items():
        say(f"{title}: {text}")


def _devices(devices: tuple[DeviceChecked, ...]) -> Table:
    table = Table("Device", "Name", "Works", "Used", "Memory", "Speed")
    for device in devices:
        table.add_row(*_cells(device))
    return table


def _cells(device: DeviceChecked) -> tuple[str, ...]:
    speed = f"{device.gigaflops:,.0f} GFLOP/s" if device.works else ""
    memory = f"{device.memory_mb / 1024:.1f} GB"
    return device.device, device.name, _yes(device.works), _yes(device.chosen), memory, speed


def _yes(value: bool) -> str:
    return "yes" if value else "no"
