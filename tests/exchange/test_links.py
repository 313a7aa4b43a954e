import pytest

from homeport.exchange.dialects import Dialect, Origin
from homeport.exchange.links import Asset, Nowhere, Place, destinations, plain_address

FILES = (
    "content/posts/a.md content/posts/b/index.md content/posts/b/pic.png content/posts/_index.md content/about.md "
    "content/posts/My Post.md static/img/logo.png static/files/paper.pdf assets/side.png content/posts/b/my%20pic.png"
)


@pytest.fixture
def places():
    paths = [*FILES.split(" content/posts/My"), "content/posts/My Post.md"]
    files = dict.fromkeys(" ".join(paths[:1]).split())
    files |= dict.fromkeys(
        [
            "content/posts/My Post.md",
            "content/posts/my file.png",
            "static/img/logo.png",
            "static/files/paper.pdf",
            "assets/side.png",
        ]
    )
    made = destinations(Origin(Dialect.ZOLA, "content/", address="https://old.example"), files)
    made.add(Place("/posts/a", "content/posts/a.md"), ["/2020/01/02/a/", "/2020/01/02/A.html"])
    made.add(Place("/posts/b", "content/posts/b/index.md"), ["/2020/02/03/b/"])
    made.add(Place("/about", "content/about.md"), ["/about/"])
    made.add(Place("/posts/my-post", "content/posts/My Post.md"))
    made.add(Place("/posts/written-here", entry_id=7))
    return made


@pytest.mark.parametrize(
    ("target", "file", "address"),
    [
        ("./b/index.md", "content/posts/a.md", "/posts/b"),
        ("b/", "content/posts/a.md", "/posts/b"),
        ("b.md#part", "content/posts/a.md", None),
        ("../a.md#part", "content/posts/b/index.md", "/posts/a"),
        ("../a", "content/posts/b/index.md", "/posts/a"),
        ("@/posts/a.md#x", "content/about.md", "/posts/a"),
        ("/2020/01/02/a/", "content/about.md", "/posts/a"),
        ("/2020/01/02/a", "content/about.md", "/posts/a"),
        ("/2020/01/02/a.html#x", "content/about.md", "/posts/a"),
        ("/2020/01/02/a/index.html?utm=1", "content/about.md", "/posts/a"),
        ("../../../02/03/b/", "content/posts/a.md", "/posts/b"),
        ("https://old.example/2020/02/03/b/", "content/about.md", "/posts/b"),
        ("/posts/a.md", "content/about.md", "/posts/a"),
        ("My%20Post.md", "content/posts/a.md", "/posts/my-post"),
        ("{filename}/posts/a.md", "content/about.md", "/posts/a"),
        ("{filename}a.md", "content/posts/a.md", "/posts/a"),
        ('{{< ref "posts/a.md" >}}', "content/about.md", "/posts/a"),
        ("{{% relref 'a' %}}", "content/about.md", "/posts/a"),
        ("{{site.baseurl}}/about/", "content/posts/a.md", "/about"),
        ("%7B%7B%20site.baseurl%20%7D%7D/about/", "content/posts/a.md", "/about"),
        ('{{< ref "posts/a.md" >}}#x', "content/about.md", "/posts/a"),
        ('{{< ref "a.md#x" >}}', "content/about.md", "/posts/a"),
        ('{{< relref "/posts/b" >}}#x', "content/about.md", "/posts/b"),
        ('{{< ref "#x" >}}', "content/about.md", "/about"),
        ("{% post_url a %}", "content/about.md", "/posts/a"),
        ("{{ site.baseurl }}{% link content/posts/a.md %}", "content/about.md", "/posts/a"),
        ("{{ '/2020/01/02/a/' | absolute_url }}#x", "content/about.md", "/posts/a"),
        ('{{ get_url(path="@/posts/a.md") }}', "content/about.md", "/posts/a"),
        ("{{ site.url }}/2020/01/02/a.html", "content/about.md", "/posts/a"),
        ("/posts/written-here", "content/posts/a.md", "/posts/written-here"),
    ],
)
def test_links_find_texts(places, target, file, address):
    found = places.meaning("link", target, file)
    assert (found.address if isinstance(found, Place) else None) == address


@pytest.mark.parametrize(
    ("target", "file", "path"),
    [
        ("pic.png", "content/posts/b/index.md", "content/posts/b/pic.png"),
        ("./pic.png?x=1", "content/posts/b/index.md", "content/posts/b/pic.png"),
        ("/img/logo.png", "content/about.md", "static/img/logo.png"),
        ("img/logo.png", "content/about.md", "static/img/logo.png"),
        ("{static}/files/paper.pdf", "content/about.md", "static/files/paper.pdf"),
        ("/side.png", "content/about.md", "assets/side.png"),
        ("../b/pic.png", "content/posts/b/index.md", "content/posts/b/pic.png"),
        ("../../../../2020/02/03/b/pic.png", "content/posts/a.md", "content/posts/b/pic.png"),
        ("https://old.example/img/logo.png", "content/about.md", "static/img/logo.png"),
        ("{{ site.baseurl }}/img/logo.png", "content/about.md", "static/img/logo.png"),
        ('{{ "/img/logo.png" | relative_url }}', "content/about.md", "static/img/logo.png"),
        ("{% link assets/side.png %}", "content/about.md", "assets/side.png"),
        ("{{ '/posts/my file.png' | relative_url }}", "content/about.md", "content/posts/my file.png"),
    ],
)
def test_images_find_files(places, target, file, path):
    assert places.meaning("image", target, file) == Asset(path)


@pytest.mark.parametrize(
    "target", ["https://other.example/", "//cdn.example/x.png", "mailto:a@b.example", "#part", "?q=1", "/tags/x", "/"]
)
def test_what_is_elsewhere_is_left_alone(places, target):
    assert places.meaning("link", target, "content/about.md") is Nowhere.ELSEWHERE


@pytest.mark.parametrize("target", ["gone.png", "/gone/", "@/gone.md", "github.com/x", "http://[", "{{< ref gone >}}"])
def test_what_leads_to_nothing_is_known_as_broken(places, target):
    assert places.meaning("link", target, "content/about.md") in {Nowhere.MISSING, Nowhere.ELSEWHERE}


@pytest.mark.parametrize("target", ["../../etc/passwd", "../../../../../../etc/passwd", "..%2f..%2fetc/passwd"])
def test_nothing_leads_out_of_the_folder(places, target):
    assert places.meaning("image", target, "content/about.md") is Nowhere.OUTSIDE


def test_an_image_is_never_a_text(places):
    assert places.meaning("image", "./a.md", "content/posts/a.md") is Nowhere.MISSING


def test_addresses_have_one_spelling():
    spellings = ["/X/", "/x", "/x.html", "/x/index.html", "/x/#part", "/x?q=1"]
    assert {plain_address(each) for each in spellings} == {"/x"}
    assert plain_address("/") == "/"
