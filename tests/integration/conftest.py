"""The order of the integration tests: the longest go first, so that no worker is alone with them at the end."""

import pytest

LONGEST = ("packaging",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders of the longest tests before all others."""
    items.sort(key=lambda item: not any(folder in item.path.parts for folder in LONGEST))
