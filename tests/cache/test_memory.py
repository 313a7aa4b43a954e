from homeport.cache.memory import Hottest
from tests.factories.pages import make_stored_page

SIZE = make_stored_page().size_bytes


def test_a_page_takes_the_place_of_its_former_form():
    memory = Hottest(10 * SIZE)
    memory.put(make_stored_page("/", b"one"))
    memory.put(make_stored_page("/", b"two"))
    held = memory.get("/")
    assert held is not None
    assert held.page.bodies[""] == b"two"
    memory.forget("/")
    assert memory.get("/") is None


def test_memory_is_bounded():
    memory = Hottest(10 * SIZE)
    for number in range(100):
        memory.put(make_stored_page(f"/{number}"))
    assert sum(memory.get(f"/{number}") is not None for number in range(100)) == 10


def test_who_walks_through_the_whole_site_does_not_push_out_what_everybody_reads():
    memory = Hottest(10 * SIZE)
    memory.put(make_stored_page("/"))
    for number in range(100):
        held = memory.get("/")
        assert held is not None
        held.hit()
        memory.put(make_stored_page(f"/{number}"))
    assert memory.get("/") is not None


def test_what_was_read_once_goes_in_the_end():
    memory = Hottest(10 * SIZE)
    for _ in range(50):
        memory.put(make_stored_page("/")).hit()
    for number in range(50):
        memory.put(make_stored_page(f"/{number}"))
    assert memory.get("/") is None
