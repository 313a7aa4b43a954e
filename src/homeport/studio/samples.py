"""A text that shows what accent and fonts do, for the frame beside the settings."""

from homeport.web.meta import PageMeta

SAMPLE = PageMeta(title="How it will look", path="/studio/settings/preview", is_indexed=False)
