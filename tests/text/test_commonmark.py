import json
from pathlib import Path
from typing import Any

import pytest

from homeport.text.markdown import render_plain

EXAMPLES = json.loads((Path(__file__).parent / "data" / "commonmark-0.31.2.json").read_text(encoding="utf-8"))


def test_there_are_as_many_examples_as_in_the_specification() -> None:
    assert len(EXAMPLES) == 652


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['example']}")
def test_the_plain_profile_renders_every_example_of_the_specification(example: dict[str, Any]) -> None:
    assert render_plain(example["markdown"]) == example["html"]
