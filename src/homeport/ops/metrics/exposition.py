"""Prometheus' text format, version 0.0.4: what is told, as the bytes that it is told in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from homeport.ops.metrics.catalogue import BY_NAME

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sample:
    """One number; `suffix` tells the parts of a histogram apart."""

    metric: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""


def expose(samples: Iterable[Sample]) -> str:
    """Return the text; the samples of one metric have to follow each other."""
    lines: list[str] = []
    told = ""
    for sample in samples:
        metric = BY_NAME[sample.metric]
        if metric.name != told:
            lines += [f"# HELP {metric.full_name} {metric.help}", f"# TYPE {metric.full_name} {metric.kind}"]
            told = metric.name
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
        lines.append(f"{metric.full_name}{sample.suffix}{f'{{{labels}}}' if labels else ''} {_number(sample.value)}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
