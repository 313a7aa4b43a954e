from homeport.releases import is_newer


def test_parts_are_numbers():
    assert is_newer("0.10.0", "0.9.2")
    assert is_newer("1.0", "0.99.99")
    assert not is_newer("0.9.2", "0.10.0")
    assert not is_newer("1.2.3", "1.2.3")
