"""The reports of a judged run, as files in its folder."""

from battery.model.run import Run
from battery.report.html import html_report
from battery.report.junit import junit_xml
from battery.report.markdown import markdown_summary
from battery.report.scan_files import sarif_of, sbom_of
from battery.store import RunFolder, write_atomically


def write_reports(run: Run, folder: RunFolder) -> None:
    """The reports of a judged run.

    Raises: StoreError.
    """
    write_atomically(folder.path / "report.html", html_report(run).encode())
    write_atomically(folder.path / "junit.xml", junit_xml(run))
    write_atomically(folder.path / "summary.md", markdown_summary(run).encode())
    for name, content in (
        ("results.sarif", sarif_of(run, folder.read_blob)),
        ("sbom.cdx.json", sbom_of(run, folder.read_blob)),
    ):
        if content is not None:
            write_atomically(folder.path / name, content)
