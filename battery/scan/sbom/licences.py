"""The licences that an installed package declares, as SPDX identifiers where they can be told."""

from collections.abc import Sequence

_LONGEST = 100  # a longer License field is the licence's text, not its name
_PREFIX = "License :: "
# Trove classifiers that name exactly one SPDX licence; "BSD License" and its kind name several and stay as they are.
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Universal Permissive License (UPL)": "UPL-1.0",
    "Zero-Clause BSD (0BSD)": "0BSD",
}


def declared(expression: str, names: Sequence[str], classifiers: Sequence[str]) -> tuple[str, ...]:
    """The licences; an expression stands alone, as PEP 639 says, and classifiers go before free text."""
    if expression.strip():
        return (expression.strip(),)
    troves = [text.removeprefix(_PREFIX) for text in classifiers if text.startswith(_PREFIX)]
    found = [_SPDX.get(text.rpartition(" :: ")[2]) or f"{_PREFIX}{text}" for text in troves]
    if not found:
        found = [name.strip() for name in names if _is_name(name)]
    return tuple(dict.fromkeys(found))


def _is_name(text: str) -> bool:
    plain = text.strip()
    return 0 < len(plain) <= _LONGEST and "\n" not in plain and plain.upper() != "UNKNOWN"
