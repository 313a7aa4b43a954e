"""The headers that every answer carries, and what pages of this site may do in a browser: show, and nothing else."""

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:{images}; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

SCRIPTED = ("/studio", "/account", "/setup")
"""Where scripts of our own files may run: the author's side. Readers' pages need none and may run none."""

SCRIPTED_POLICY = "; script-src 'self'; frame-src 'self'; worker-src 'self'"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}

ONE_YEAR_SECONDS = 31_536_000


def init_app(app: Flask) -> None:
    """Put the headers on every answer, errors included; a view that has set one of them keeps its own."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    site = g.get("site")
    images = " https:" if site is not None and site.remote_images else ""
    policy = POLICY.format(images=" https: blob:" if _is_scripted(request.path) else images)
    wanted = {**HEADERS, "Content-Security-Policy": policy + SCRIPTED_POLICY * _is_scripted(request.path)}
    if site is not None and site.address.startswith("https://"):
        wanted["Strict-Transport-Security"] = f"max-age={ONE_YEAR_SECONDS}"
    # Looked through once: `setdefault` does it for each of them, and twice.
    present = {name.lower() for name, _ in response.headers}
    for name, value in wanted.items():
        if name.lower() not in present:
            response.headers.add(name, value)
    return response


def _is_scripted(path: str) -> bool:
    return any(path == area or path.startswith(f"{area}/") for area in SCRIPTED)
