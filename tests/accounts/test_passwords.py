"""Passwords are refused for a reason a person understands, and stored so that nobody can read them."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from homeport.accounts import passwords
from homeport.accounts.passwords import (
    AT_ONCE,
    NICENESS,
    WAITING,
    BusyHashingError,
    Gate,
    WeakPasswordError,
    Workbench,
    check_password,
    hash_password,
    is_password,
    needs_new_hash,
)
from tests.factories.passwords import REAL

GOOD = "correct horse battery"


@pytest.fixture(autouse=True)
def _at_the_real_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", REAL)


class TestCheckPassword:
    def test_it_takes_twelve_characters_without_digits_or_signs(self) -> None:
        check_password("lentil skies", "ada")

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("", "0 characters, at least 12"),
            ("short", "5 characters, at least 12"),
            ("x" * 1001, "longer than 1000"),
            ("121212121212", "repeats the same few"),
            ("commandercommander", "is the name"),
        ],
    )
    def test_it_says_what_is_wrong(self, password: str, reason: str) -> None:
        with pytest.raises(WeakPasswordError, match=reason):
            check_password(password, "Commander")

    def test_a_password_that_only_contains_the_name_is_fine(self) -> None:
        check_password("commander of lentils", "commander")


class TestHashPassword:
    def test_the_hash_is_argon2id_and_does_not_hold_the_password(self) -> None:
        stored = hash_password(GOOD)
        assert stored.startswith("$argon2id$")
        assert GOOD not in stored

    def test_the_same_password_never_hashes_to_the_same_text(self) -> None:
        assert hash_password(GOOD) != hash_password(GOOD)


class TestIsPassword:
    def test_only_the_password_itself_opens(self) -> None:
        stored = hash_password(GOOD)
        assert is_password(GOOD, stored)
        assert not is_password(f"{GOOD} ", stored)

    def test_a_composed_and_a_combined_letter_are_the_same(self) -> None:
        assert is_password("cafe\u0301 au lait et eau", hash_password("caf\u00e9 au lait et eau"))

    @pytest.mark.parametrize("stored", ["", "plain", "$argon2id$broken"])
    def test_nothing_opens_an_account_without_a_proper_hash(self, stored: str) -> None:
        assert not is_password("", stored)
        assert not is_password(stored, stored)


class TestGate:
    def test_few_are_inside_some_wait_and_the_rest_are_turned_away(self) -> None:
        gate, release, inside = Gate(at_once=1, waiting=1), Event(), Event()

        def enter() -> None:
            with gate.entered():
                inside.set()
                release.wait(10)

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(enter)
            inside.wait(10)
            second = pool.submit(enter)
            # The one that waits has been admitted as soon as nobody else is.
            while gate._admitted.acquire(blocking=False):
                gate._admitted.release()
            with pytest.raises(BusyHashingError) as caught, gate.entered():
                pass
            assert caught.value.retry_after > 0
            release.set()
            first.result(10)
            second.result(10)
        with gate.entered():
            pass

    def test_a_fault_inside_leaves_it_open(self) -> None:
        gate = Gate(at_once=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), gate.entered():
                1 / 0  # noqa: B018 - it is to raise


class TestWorkbench:
    def test_passwords_are_hashed_in_one_thread_that_is_not_the_one_that_answers(self) -> None:
        names = {Workbench().do(lambda: threading.current_thread().name) for _ in range(3)}
        assert len(names) == 1
        assert threading.current_thread().name not in names

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives one thread a priority of its own")
    def test_it_stands_back_behind_the_others_and_they_do_not(self) -> None:
        def niceness() -> int:
            return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

        before = niceness()
        assert Workbench().do(niceness) == min(before + NICENESS, 19)
        assert niceness() == before

    def test_a_fault_in_it_reaches_who_asked_and_leaves_it_open(self) -> None:
        bench = Workbench()
        for _ in range(AT_ONCE + WAITING + 1):
            with pytest.raises(ValueError, match="invalid literal"):
                bench.do(int, "x")

    def test_a_process_that_was_forked_has_its_own(self) -> None:
        program = """
import os
from homeport.accounts.passwords import hash_password, is_password
stored = hash_password("correct horse battery")
child = os.fork()
if child == 0:
    os._exit(0 if is_password("correct horse battery", stored) else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        ran = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
        assert ran.stdout == "0\n"

    def test_a_flood_is_turned_away_at_once_however_many_come(self) -> None:
        bench, release, come = Workbench(), Event(), 20

        def knock(_number: int) -> bool:
            try:
                return bench.do(lambda: release.wait(10))
            except BusyHashingError:
                return False

        with ThreadPoolExecutor(come) as pool:
            answers = as_completed([pool.submit(knock, number) for number in range(come)], timeout=10)
            at_once = [next(answers).result() for _ in range(come - AT_ONCE - WAITING)]
            release.set()
            assert at_once == [False] * len(at_once)
            assert [answer.result() for answer in answers] == [True] * (AT_ONCE + WAITING)


class TestNobody:
    def test_who_has_no_password_is_looked_at_as_long_as_somebody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str] = []

        def verify(_hasher: PasswordHasher, stored: str, _password: str) -> bool:
            seen.append(stored)
            raise VerifyMismatchError

        monkeypatch.setattr(PasswordHasher, "verify", verify)
        assert not is_password(GOOD, "")
        assert extract_parameters(seen[0]) == extract_parameters(hash_password(GOOD))

    def test_no_password_is_nobody_s(self) -> None:
        assert not is_password("", "")

    def test_a_hash_of_another_cost_is_made_anew(self) -> None:
        assert needs_new_hash(PasswordHasher(time_cost=1, memory_cost=8192).hash(GOOD))
        assert not needs_new_hash(hash_password(GOOD))
