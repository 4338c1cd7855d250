"""The queue's settings keep the promises that no test of a running worker would show at once."""

import pytest
from celery import Celery

from config.celery import celery_settings
from config.settings import Settings

pytestmark = pytest.mark.pure


def settings():
    return celery_settings(Settings(env="test"))


def test_a_message_is_handed_out_again_only_after_its_task_must_have_been_killed():
    wanted = settings()
    assert wanted["broker_transport_options"]["visibility_timeout"] > 2 * wanted["task_time_limit"]
    assert wanted["task_time_limit"] > wanted["task_soft_time_limit"]


def test_a_worker_that_dies_gives_its_task_back_soon():
    wanted = settings()
    assert wanted["task_acks_late"]
    assert wanted["task_reject_on_worker_lost"]
    options = wanted["broker_transport_options"]
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 10


def test_nothing_but_json_is_read_from_the_queue_and_no_result_is_kept():
    wanted = settings()
    assert wanted["accept_content"] == [wanted["task_serializer"]] == ["json"]
    assert wanted["task_ignore_result"]
    assert "result_backend" not in wanted


def test_celery_knows_every_name():
    app = Celery("test")
    known = set(app.conf.keys())
    assert set(settings()) <= known
