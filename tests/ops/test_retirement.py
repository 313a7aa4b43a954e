import tempfile

from homeport.ops.retirement import has_retired, retire


def test_a_worker_retires_once_it_says_so():
    with tempfile.TemporaryFile() as heartbeat:
        assert not has_retired(heartbeat)
        retire(heartbeat)
        assert has_retired(heartbeat)
