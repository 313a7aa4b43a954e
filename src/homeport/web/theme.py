"""An author's own templates and style sheets: where they are looked for, and what is amiss before readers see it."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, TemplateSyntaxError, meta

from homeport.errors import SettingsError
from homeport.web.static import ADDED_STYLES, FOLDER

BUILT_IN = tuple(sorted(Path(__file__).parents[1].glob("*/templates")))
PREFIX = "builtin"
"""A template that replaces `blog/entry.html` can still extend `builtin/blog/entry.html`."""


def loader_of(templates: Path) -> BaseLoader:
    """Return what finds a theme's templates, and the built-in ones under their prefix."""
    return ChoiceLoader([FileSystemLoader(templates), PrefixLoader({PREFIX: FileSystemLoader(BUILT_IN)})])


def check_theme(theme: Path, environment: Environment) -> list[str]:
    """Return a sentence for everything in the folder that has no effect.

    Raises SettingsError with every template that cannot be used.
    """
    files = {path.relative_to(theme / "templates").as_posix(): path for path in _files(theme / "templates")}
    known = files.keys() | NAMES | {f"{PREFIX}/{name}" for name in NAMES}
    used: set[str] = set()
    faults = []
    for name, path in files.items():
        try:
            used |= _names_in(environment, name, path, known) - {name}
        except ValueError as error:
            faults.append(f"THEME_DIR: templates/{name}: {error}")
    if faults:
        raise SettingsError(faults)
    text = "\n".join(path.read_text(encoding="utf-8") for path in files.values())
    static = [path.name for path in _files(theme / "static")]
    return [*_strays(theme), *_idle_templates(files.keys() - NAMES - used), *_idle_files(static, text)]


def _names_in(environment: Environment, name: str, path: Path, known: AbstractSet[str]) -> set[str]:
    """Return the templates that one extends, includes or imports."""
    try:
        tree = environment.parse(path.read_text(encoding="utf-8"), name)
    except TemplateSyntaxError as error:
        raise ValueError(f"line {error.lineno}: {error.message}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"it cannot be read ({error})") from error
    names = {named for named in meta.find_referenced_templates(tree) if named}
    if missing := sorted(names - known):
        raise ValueError(f"there is no template {missing[0]}")
    return names


def _strays(theme: Path) -> Iterator[str]:
    for path in sorted(theme.iterdir()):
        if path.suffix in (".html", ".css"):
            place = "templates/<feature>/" if path.suffix == ".html" else "static/"
            yield f"{path.name} has no effect where it is; it belongs into {place}"


def _idle_templates(names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        meant = sorted(known for known in NAMES if known.endswith(f"/{Path(name).name}"))
        guess = f"; did you mean {' or '.join(f'templates/{each}' for each in meant)}?" if meant else ""
        yield f"templates/{name} replaces no built-in template and nothing uses it{guess}"


def _idle_files(names: Iterable[str], text: str) -> Iterator[str]:
    for name in names:
        if name == ADDED_STYLES or name in text or (FOLDER / name).exists():
            continue
        hint = f"; rules that are added to the style sheet belong into {ADDED_STYLES}" if name.endswith(".css") else ""
        yield f"static/{name} replaces no built-in file and no template uses it{hint}"


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]


NAMES = frozenset(path.relative_to(folder).as_posix() for folder in BUILT_IN for path in _files(folder))
"""The built-in templates."""
