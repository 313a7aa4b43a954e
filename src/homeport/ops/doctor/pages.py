"""What readers' pages look like after everything that stands before the site: headers, cookies, bytes, validators."""

from collections.abc import Iterator

from homeport.ops.doctor.findings import Finding
from homeport.ops.doctor.patient import Patient
from homeport.ops.doctor.view import View

PAGES = ("/", "/archive", "/tags", "/feed.atom", "/robots.txt")
PROTECTING = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
)
TRANSPORT = "Strict-Transport-Security"
# Below this the site does not compress.
LEAST_BYTES = 512


def look_for_cookies(patient: Patient) -> Iterator[Finding]:
    """No page that may be kept by anybody may set a cookie."""
    view = patient.front
    for path in PAGES:
        reply = view.ask(path)
        if reply.status == 200 and reply.all("Set-Cookie") and "no-store" not in reply.header("Cache-Control"):
            name = reply.header("Set-Cookie").partition("=")[0]
            yield Finding(
                f"{view.where}{path} sets the cookie {name}",
                "A cache may give the cookie of one reader to the next, or refuse to keep the page at all.",
                "Find out what adds it: the site's own pages set none. Switch cookies off in the proxy in front.",
            )


def look_for_headers(patient: Patient) -> Iterator[Finding]:
    """Every protecting header has to arrive, and only once."""
    view = patient.front
    arrived = view.ask("/")
    wanted = (*PROTECTING, TRANSPORT) if view.scheme == "https" else PROTECTING
    missing = [name for name in wanted if not arrived.all(name)]
    if missing:
        yield Finding(
            f"{', '.join(missing)} missing at {view.where}",
            "Browsers protect readers only as far as these headers say.",
            _remedy(patient, missing),
        )
    doubled = [name for name in wanted if len(set(arrived.all(name))) > 1]
    if doubled:
        yield Finding(
            f"{', '.join(doubled)} sent twice, and differently, at {view.where}",
            "Of two such headers a browser takes either, or none.",
            "Take them out of the proxy's configuration; the site sends its own.",
        )


def _remedy(patient: Patient, missing: list[str]) -> str:
    if missing == [TRANSPORT]:
        return "Set SITE_URL to the https:// address; the site then sends it, and the proxy must not remove it."
    is_sent = patient.outside is not None and patient.inside is not None and _sends(patient.inside, missing)
    if is_sent:
        return "The site sends them: something in front takes them away. Remove its rules about headers."
    return "The site itself does not send them: run an unchanged release."


def _sends(view: View, names: list[str]) -> bool:
    reply = view.ask("/")
    return all(reply.all(name) for name in names if name != TRANSPORT)


def look_for_compression(patient: Patient) -> Iterator[Finding]:
    """Pages have to arrive packed, in the way that was asked for."""
    view = patient.front
    if len(view.ask("/").body) < LEAST_BYTES:
        return
    for encoding in ("br", "gzip"):
        reply = view.ask("/", {"Accept-Encoding": encoding})
        if reply.header("Content-Encoding") != encoding:
            yield Finding(
                f"{view.where}/ is not sent as {encoding} to who asks for it",
                "Readers on slow lines wait three times as long for the same page.",
                "Let the proxy pass Accept-Encoding on and the answer through unchanged.",
            )
        elif "accept-encoding" not in reply.header("Vary").lower():
            yield Finding(
                f"{view.where}/ does not say that it varies with Accept-Encoding",
                "A cache may give packed bytes to a reader that cannot unpack them.",
                "Let the proxy keep the header Vary.",
            )


def look_for_validators(patient: Patient) -> Iterator[Finding]:
    """A page that was seen before must not be sent again."""
    view = patient.front
    tag = view.ask("/").header("ETag")
    if not tag:
        yield Finding(
            f"{view.where}/ has no ETag",
            "Without it every visit downloads everything again.",
            "Let the proxy keep the header; the site sends one with every page.",
        )
        return
    status = view.ask("/", {"If-None-Match": tag}).status
    if status != 304:
        yield Finding(
            f"{view.where}/ answers {status} instead of 304 to who has it already",
            "Every visit downloads everything again.",
            "Let the proxy pass If-None-Match on; a page that differs each time it is made has no stable ETag.",
        )
