"""A folder of OSV records as a user would have downloaded it: fresh, with one record about an old Jinja2."""

import json
from datetime import UTC, datetime
from pathlib import Path

CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def osv_folder(folder: Path) -> Path:
    """Write the records and give the folder back; they are as old as this call."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "id": "GHSA-test-0000-0001",
        "modified": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "summary": "It breaks out of its sandbox.",
        "severity": [{"type": "CVSS_V3", "score": CRITICAL}],
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": "jinja2"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.10.1"}]}],
            }
        ],
    }
    (folder / "GHSA-test-0000-0001.json").write_text(json.dumps(record))
    return folder
