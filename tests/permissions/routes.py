"""Every route of the product, by walking the URL conf."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def walk(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespaces, pattern) of each route."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}", entry


def methods(pattern: URLPattern) -> frozenset[str]:
    """The methods that a route of ours answers (core.views.page names them); GET alone where nothing is said."""
    return frozenset(getattr(pattern.callback, "methods", None) or {"GET", "HEAD"})
