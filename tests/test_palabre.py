"""The one command, as far as it can be tried without starting anything; tests/fresh tries the rest on a bare system."""

import os
import socket
import subprocess

import pytest

from config.settings import PROJECT

pytestmark = pytest.mark.pure


def palabre(*arguments, **environment):
    return subprocess.run(
        ["bash", PROJECT / "palabre", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_help_names_every_command():
    answer = palabre("help")
    assert answer.returncode == 0
    commands = "run test check bench prove-selection faults flask demo doctor audit backup restore"
    for command in commands.split():
        assert command in answer.stdout


@pytest.mark.parametrize("arguments", [(), ("rum",), ("--version",)])
def test_an_unknown_command_shows_the_help_and_fails(arguments):
    answer = palabre(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert "usage: ./palabre" in answer.stderr


def test_a_taken_port_is_told_in_one_sentence_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = palabre("run", PORT=str(port), DATA_DIR=str(tmp_path / "data"))
    assert answer.returncode == 1
    assert answer.stderr == (
        f"palabre: port {port} is taken by another program; choose another one, "
        f"for instance: PORT={port + 1} ./palabre run\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "80 80"])
def test_a_port_that_is_none_is_refused(port, tmp_path):
    answer = palabre("run", PORT=port, DATA_DIR=str(tmp_path / "data"))
    assert answer.returncode == 1
    assert "is not a port number" in answer.stderr


def test_run_takes_no_argument():
    assert "takes no argument" in palabre("run", "fast").stderr
