from homeport.cache.answers import Answered
from homeport.cache.heads import Head
from homeport.cache.ledger import MOST_UNTOLD, Ledger

HEAD = Head(key="/", target="/?utm=1", method="GET", encoding="", has="", closes=False)


def answered(status: int) -> Answered:
    return (1.0, "192.0.2.7", HEAD, status, "12345678", "")


def test_all_are_logged_and_those_that_are_alike_are_counted_at_once():
    said: list[Answered] = []
    counted: list[tuple[str, int, float, int]] = []
    ledger = Ledger(lambda *each: counted.append(each), said.extend)
    noted = [answered(status) for status in (200, 304, 200)]
    for each in noted:
        ledger.note(each)
    assert said == []
    ledger.tell()
    ledger.tell()
    assert said == noted
    assert sorted(counted) == [("/", 200, 0.0, 2), ("/", 304, 0.0, 1)]
    assert ledger.told == 3


def test_many_are_not_kept_for_long():
    said: list[Answered] = []
    ledger = Ledger(log=said.extend)
    for _ in range(MOST_UNTOLD):
        ledger.note(answered(200))
    assert len(said) == MOST_UNTOLD
