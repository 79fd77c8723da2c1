"""What the tests of project files share."""

from __future__ import annotations

import pytest

from tests.engine.project.projects import full_project


@pytest.fixture
def project():
    return full_project()
