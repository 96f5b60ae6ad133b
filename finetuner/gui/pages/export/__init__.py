"""The Export page: a file for others to use, with a certificate that it answers as the app does.

page         ExportPage: one export at a time
form         ExportForm: which format, where to, by whom
formats      how a format is called, what it is good for, where its file would go
programs     the programs that use them
certificate  CertificateCard: what was compared and how well it agreed
comparison   Comparison: a smaller file beside the full one
sample       SampleCode: a program that uses the file, ready to copy
"""

from finetuner.gui.pages.export.page import ExportPage

__all__ = ["ExportPage"]
