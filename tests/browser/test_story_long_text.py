"""Somebody writes in a text as long as a chapter: no key goes through all of it, that waits for a pause."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Writers, desk_named, text_of, wait_until_saved, write
from tests.browser.visit import Visitor

pytestmark = pytest.mark.browser

LETTERS = "abcdefghij"
LONG = "\n\n".join(f"## Part {number}\n\n{'Words of a part. ' * 60}" for number in range(100))

# Everything that goes through a long text from one end to the other, or makes a copy of it.
COUNT_PASSES = """() => {
  window.passes = [];
  const isLong = (value) => typeof value === 'string' && value.length > 50_000;
  const watch = (owner, name) => {
    const original = owner[name];
    owner[name] = function (...given) {
      if (isLong(this?.valueOf?.()) || given.some(isLong)) window.passes.push(name);
      return original.apply(this, given);
    };
  };
  for (const name of ['replace', 'match', 'matchAll', 'split', 'trim', 'slice', 'indexOf'])
    watch(String.prototype, name);
  watch(RegExp.prototype, 'exec');
  watch(RegExp.prototype, 'test');
  watch(JSON, 'parse');
  watch(JSON, 'stringify');
  watch(Storage.prototype, 'setItem');
  const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
  Object.defineProperty(HTMLTextAreaElement.prototype, 'value', {
    ...value,
    get() {
      const text = value.get.call(this);
      if (isLong(text)) window.passes.push('value');
      return text;
    },
  });
}"""


@pytest.fixture(scope="module")
def desk(server_uri, tmp_path_factory):
    with desk_named("long", server_uri, tmp_path_factory) as desk:
        yield desk


@pytest.fixture
def writers(browser, desk):
    with Visitor(browser, desk.address) as visitor:
        yield Writers(visitor, desk)


def test_a_key_costs_nothing_that_grows_with_the_text(writers, desk):
    assert len(LONG) > 100_000
    page = writers.open("/studio").page
    page.clock.install()
    page.goto(desk.address + desk.draft(title="Chapter", source=LONG))
    frame = page.frame_locator("#preview iframe")
    expect(frame.get_by_role("heading", name="Part 99")).to_be_attached()
    area = page.get_by_label("Text", exact=True)
    area.focus()
    page.clock.pause_at(datetime(2126, 1, 1, tzinfo=UTC))
    area.evaluate("area => area.setSelectionRange(50_000, 50_000)")
    page.evaluate(COUNT_PASSES)
    page.keyboard.type(LETTERS)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    # What hears of a moved cursor is told a moment later.
    page.evaluate("() => new Promise(resolve => queueMicrotask(resolve))")
    assert page.evaluate("passes") == []
    page.clock.run_for(400)
    assert {"value", "setItem", "stringify", "exec"} & set(page.evaluate("passes"))
    page.clock.resume()
    assert "abcdefghj" in text_of(page)
    wait_until_saved(page)


def test_the_oldest_of_too_many_kept_texts_gives_way(writers, desk):
    page = writers.open(desk.draft(title="Many", source="Old.")).page
    page.evaluate(
        """() => { for (let day = 10; day < 35; day++)
          localStorage.setItem(`homeport.kept.1.e${day}.w`, JSON.stringify({at: `2020-01-${day}`, fields: {}})) }"""
    )
    page.evaluate("() => localStorage.setItem('homeport.kept.1.broken.w', 'null')")
    page.context.set_offline(True)
    write(page, " New.")
    expect(page.locator("#saved")).to_contain_text("kept on this computer")
    kept = json.loads(page.evaluate("() => JSON.stringify(Object.keys(localStorage))"))
    old = sorted(name for name in kept if ".e" in name and name.startswith("homeport.kept"))
    assert (len(old), old[0]) == (19, "homeport.kept.1.e16.w")
