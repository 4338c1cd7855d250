"""What is installed is pinned, checked by its hash, and tells nothing about where it was fetched."""

import re

import pytest

from config.settings import PROJECT

pytestmark = pytest.mark.pure

COMPILED = ("requirements.txt", "requirements-dev.txt", "config/bootstrap.txt")

INPUTS = ("config/bootstrap.in", "config/requirements.in", "config/requirements-dev.in")


def pinned(name):
    """Package → version, of a compiled file."""
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]+\])?==([^ ;]+)", (PROJECT / name).read_text(), re.MULTILINE))


def wanted(name):
    """The names of the direct dependencies."""
    return set(re.findall(r"^([a-z][a-z0-9._-]+)", (PROJECT / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", COMPILED)
def test_every_line_has_a_version_and_a_hash(name):
    for entry in (
        re.sub(r"^#.*\n", "", (PROJECT / name).read_text(), flags=re.MULTILINE).replace("\\\n", "").splitlines()
    ):
        assert re.match(r"^[a-z0-9._-]+==", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", [*COMPILED, *INPUTS])
def test_no_file_names_the_place_where_packages_come_from(name):
    text = (PROJECT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert "--extra-index" not in text


def test_every_direct_dependency_is_compiled():
    assert wanted("config/requirements.in") <= set(pinned("requirements.txt"))
    assert wanted("config/requirements-dev.in") <= set(pinned("requirements-dev.txt"))


def test_what_develops_holds_what_runs_in_the_same_versions():
    assert pinned("requirements.txt").items() <= pinned("requirements-dev.txt").items()
