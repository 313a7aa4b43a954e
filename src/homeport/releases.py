"""Releases in their order: which of two is the newer."""


def is_newer(release: str, than: str) -> bool:
    """Say whether a release came after another one."""
    return _as_numbers(release) > _as_numbers(than)


def _as_numbers(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())
