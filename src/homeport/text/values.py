"""Elements that stand for a value: kept when the value can be read, plain text otherwise."""

from homeport.text.policy import is_moment
from homeport.text.tree import Element


def settle_value(element: Element) -> None:
    """Make an element whose value is missing or makes no sense a plain one."""
    if element.tag == "meter":
        _settle_meter(element)
    elif element.tag == "progress":
        _settle_progress(element)
    elif element.tag in _NEEDS and not _NEEDS[element.tag](element):
        element.tag = "span"


def _has_moment(time: Element) -> bool:
    if "datetime" in time.attrs:
        return True
    return len(time.children) == 1 and isinstance(time.children[0], str) and is_moment(time.children[0].strip())


_NEEDS = {
    "bdo": lambda element: element.attrs.get("dir") in {"ltr", "rtl"},
    "data": lambda element: "value" in element.attrs,
    "time": _has_moment,
}


def _settle_meter(meter: Element) -> None:
    numbers = {name: float(meter.attrs[name]) for name in _METER if name in meter.attrs}
    least, most = numbers.get("min", 0.0), numbers.get("max", 1.0)
    if "value" not in numbers or not all(least <= number <= most for number in numbers.values()):
        meter.tag = "span"
        for name in _METER:
            meter.attrs.pop(name, None)
    elif numbers.get("low", least) > numbers.get("high", most):
        del meter.attrs["low"], meter.attrs["high"]


_METER = ("value", "min", "max", "low", "high", "optimum")


def _settle_progress(progress: Element) -> None:
    value, most = (float(progress.attrs.get(name, "1")) for name in ("value", "max"))
    if most <= 0 or not 0 <= value <= most:
        progress.attrs.pop("value", None)
        progress.attrs.pop("max", None)
