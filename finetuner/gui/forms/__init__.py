"""Forms made from the job's parts: an option's title is its label, its description the help, its limits the check.

    part_form    PartForm: rows for the options of a pydantic part; emits `changed` with what was changed
    align        lets several forms begin their editors at the same place
    editor       what every editor of an option has
    editors      one for each kind of option: choice, yes/no, number, text; path_editor: file or folder

To add an option to a form, declare it in engine/job.py and name it in the page that shows it. To add a kind of
editor: a class with `value`, `set_value` and a `changed` signal in editors, and a line in `editor_for`.
"""

from finetuner.gui.forms.part_form import PartForm, align

__all__ = ["PartForm", "align"]
