import pytest
@pytest.fixture
def database(on_postgres):
    return on_postgres
