"""Settings: what is filled in, what is refused, and that a refusal names everything at once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.settings import PROJECT, Settings, SettingsError

pytestmark = pytest.mark.pure

STRONG = "f3b1c0a49d7e42586f0c1b7de2a98547c6d3e0f1a2b4958c"
PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": STRONG,
    "BASE_URL": "https://grants.funder.fr",
    "DATABASE_URL": "postgresql://palabre:pw@db/palabre",
}


def read(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment()


def refusal(monkeypatch, **environment):
    with pytest.raises(SettingsError) as refused:
        read(monkeypatch, **environment)
    return refused.value


def test_a_demo_needs_nothing(monkeypatch, tmp_path):
    settings = read(monkeypatch)
    folder = tmp_path / "data here"
    assert settings.env == "demo"
    assert settings.base_url == "http://127.0.0.1:5000"
    assert settings.database_url == f"sqlite:///{folder}/palabre.sqlite"
    assert settings.database_path == folder / "palabre.sqlite"
    assert settings.blob_dir == folder / "blobs"
    assert settings.mailbox_dir == folder / "mailbox"
    assert settings.mail_from == "palabre@127.0.0.1"
    assert not settings.secure_cookies
    assert not settings.is_production


def test_the_address_follows_the_port(monkeypatch):
    assert read(monkeypatch, PORT="8080").base_url == "http://127.0.0.1:8080"


def test_a_relative_folder_is_meant_from_the_project_wherever_the_process_stands(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings(env="test", data_dir=Path("elsewhere")).data_dir == PROJECT / "elsewhere"


def test_a_private_redis_is_reached_by_two_spellings_and_two_databases(monkeypatch, tmp_path):
    settings = read(monkeypatch)
    socket = f"{tmp_path}/data%20here/redis.sock"
    assert settings.has_private_redis
    assert settings.celery_broker_url == f"redis+socket://{socket}"
    assert settings.redis_py_url == f"unix://{socket}?db=1"


def test_a_given_redis_is_used_as_it_is_given(monkeypatch):
    settings = read(monkeypatch, REDIS_URL="redis://:pw@queue:6379/3")
    assert not settings.has_private_redis
    assert settings.celery_broker_url == settings.redis_py_url == "redis://:pw@queue:6379/3"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_understood(monkeypatch, scheme):
    settings = read(monkeypatch, DATABASE_URL=f"{scheme}://u:p@h/n")
    assert settings.database_url == "postgresql+psycopg://u:p@h/n"
    assert not settings.is_sqlite
    assert settings.database_path is None


def test_an_empty_variable_is_an_absent_one(monkeypatch):
    assert read(monkeypatch, PORT="", SMTP_URL="", DATABASE_URL="").port == 5000


def test_the_site_answers_to_its_own_name_alone(monkeypatch):
    assert read(monkeypatch, BASE_URL="http://palabre.lan:5000").trusted_hosts == [
        "palabre.lan",
        "localhost",
        "127.0.0.1",
    ]
    assert read(monkeypatch, BIND_HOST="0.0.0.0").trusted_hosts is None
    assert read(monkeypatch, **PRODUCTION).trusted_hosts == ["grants.funder.fr"]


def test_settings_do_not_change(monkeypatch):
    settings = read(monkeypatch)
    with pytest.raises(ValidationError):
        settings.port = 1


def test_passwords_stay_out_of_what_is_printed(monkeypatch):
    secrets = {
        "SECRET_KEY": STRONG,
        "DATABASE_URL": "postgresql://u:hush1@h/n",
        "REDIS_URL": "redis://:hush2@h",
        "SMTP_URL": "smtp://u:hush3@h",
    }
    printed = repr(read(monkeypatch, **secrets)) + str(Settings.from_environment())
    assert "hush" not in printed
    assert STRONG not in printed


def test_the_secret_of_a_demo_is_made_once_for_its_owner_alone(monkeypatch, tmp_path):
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: Settings.from_environment().secret_key, range(16)))
    file = tmp_path / "data here" / "secret-key"
    assert secrets == {file.read_text()}
    assert len(file.read_text()) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["secret-key"]


def test_the_moved_clock_of_a_demo_is_remembered(monkeypatch, tmp_path):
    (tmp_path / "data here").mkdir()
    (tmp_path / "data here" / "clock-offset").write_text("-86400\n")
    assert read(monkeypatch).clock_offset == -86400
    assert read(monkeypatch, CLOCK_OFFSET="60").clock_offset == 60


def test_production_takes_neither_secret_nor_clock_from_the_folder(monkeypatch, tmp_path):
    (tmp_path / "data here").mkdir()
    (tmp_path / "data here" / "clock-offset").write_text("60")
    (tmp_path / "data here" / "secret-key").write_text(STRONG)
    assert read(monkeypatch, **PRODUCTION).clock_offset == 0
    monkeypatch.delenv("SECRET_KEY")
    assert set(refusal(monkeypatch).problems) == {"SECRET_KEY"}


def test_production_starts_with_strong_settings(monkeypatch):
    settings = read(monkeypatch, **PRODUCTION)
    assert settings.is_production
    assert settings.secure_cookies
    assert settings.mail_from == "palabre@grants.funder.fr"


def test_production_names_every_weakness_at_once(monkeypatch):
    refused = refusal(
        monkeypatch, ENV="production", CLOCK_OFFSET="60", FLASK_DEBUG="1", PORT="99999", SMTP_URL="ftp://x"
    )
    weak = {"BASE_URL", "CLOCK_OFFSET", "DATABASE_URL", "FLASK_DEBUG", "PORT", "SECRET_KEY", "SMTP_URL"}
    assert set(refused.problems) == weak
    assert all(name in str(refused) for name in weak)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "change-me-" * 8),
        ("SECRET_KEY", "a" * 64),
        ("DATABASE_URL", "sqlite:////srv/palabre.sqlite"),
        ("BASE_URL", "http://grants.funder.fr"),
        ("CLOCK_OFFSET", "1"),
        ("SECURE_COOKIES", "0"),
    ],
)
def test_production_refuses_each_weakness(monkeypatch, name, value):
    refused = refusal(monkeypatch, **PRODUCTION | {name: value})
    assert set(refused.problems) == {name}
    assert value not in str(refused)


def test_the_embedded_database_is_for_production_when_asked_for_by_name(monkeypatch):
    assert read(monkeypatch, **PRODUCTION | {"DATABASE_URL": "", "ALLOW_SQLITE": "1"}).is_sqlite


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "prod"),
        ("BASE_URL", "grants.funder.fr"),
        ("DATABASE_URL", "mysql://h/n"),
        ("REDIS_URL", "memcached://h"),
        ("SMTP_URL", "mail.funder.fr:25"),
        ("MAIL_FROM", "a@x.org\nBcc: b@x.org"),
        ("WORKERS", "0"),
        ("FORWARDED_HOPS", "-1"),
    ],
)
def test_what_cannot_be_read_is_named(monkeypatch, name, value):
    assert name in refusal(monkeypatch, SECRET_KEY=STRONG, **{name: value}).problems


def test_a_mistyped_env_lets_nothing_weak_through(monkeypatch):
    refused = refusal(monkeypatch, ENV="prodcution", SECRET_KEY="short", CLOCK_OFFSET="5")
    assert set(refused.problems) >= {"ENV", "SECRET_KEY", "CLOCK_OFFSET", "DATABASE_URL"}
