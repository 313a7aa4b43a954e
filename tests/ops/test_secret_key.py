from homeport.ops.secret_key import ensure_secret_key


def test_the_key_is_made_once_long_and_private(folder):
    path = ensure_secret_key(folder)
    key = path.read_text().strip()
    assert len(key) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert ensure_secret_key(folder).read_text().strip() == key
