import pytest

from homeport.text.templates import KNOWN, find_figure, fragment_of, named_text, plain_target, short_name


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("{{ site.baseurl }}/assets/i.png", "/assets/i.png"),
        ("{{site.url}}{{ site.baseurl }}/x", "/x"),
        ('{{ "/assets/j j.png" | relative_url }}', "/assets/j j.png"),
        ("{{ '/x/' | absolute_url }}#part", "/x/#part"),
        ("{{ '/x' | prepend: site.baseurl | prepend: site.url }}", "/x"),
        ('{{ get_url(path="@/posts/a.md") }}', "@/posts/a.md"),
        ("{{ site.baseurl }}{% post_url 2019-02-03-x %}", "{% post_url 2019-02-03-x %}"),
        ("/plain", "/plain"),
    ],
)
def test_a_target_is_read_without_what_a_tool_puts_before_it(written, plain):
    assert plain_target(written) == plain


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ('{{< ref "second.md" >}}', "second.md"),
        ('{{< relref "/posts/bundle" >}}#sec', "/posts/bundle"),
        ("{{% ref 'a b.md' %}}", "a b.md"),
        ('{{< ref path="x.md" lang="en" >}}', "x.md"),
        ('{{<ref "x.md">}}', "x.md"),
        ("{% post_url 2019-02-03-second %}", "2019-02-03-second"),
        ("{% link _posts/2020-01-01-x.md %}", "_posts/2020-01-01-x.md"),
        ('{{< ref "a" >}}/more', None),
        ("/a", None),
        ("{{closure}}", None),
    ],
)
def test_a_text_is_named_by_a_tag(target, name):
    assert named_text(target) == name


@pytest.mark.parametrize(
    ("target", "fragment"),
    [
        ("/a#b", "#b"),
        ("/a", ""),
        ('{{< ref "a.md" >}}#sec', "#sec"),
        ('{{< ref "a.md#sec" >}}', "#sec"),
        ('{{ "/a#b" | relative_url }}', "#b"),
        ("{% link a.md %}", ""),
    ],
)
def test_the_fragment_of_a_target_is_found_in_a_tag_too(target, fragment):
    assert fragment_of(target) == fragment


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("{{< youtube x >}}", "{{< youtube … >}}"),
        ("{{<  toc  >}}", "{{< toc >}}"),
        ("{{% notice %}}", "{{% notice %}}"),
        ('{{ youtube(id="a") }}', "{{ youtube … }}"),
        ("{%- include a.html -%}", "{% include … %}"),
        ("{{ page.title }}", "{{ page.title }}"),
        ("{{ x | upcase }}", "{{ x … }}"),
    ],
)
def test_a_tag_is_named_without_its_arguments(tag, name):
    assert KNOWN.fullmatch(tag)
    assert short_name(tag) == name


@pytest.mark.parametrize(
    "prose", ["{{closure}}", "{{ a }}", "{{< /* youtube x */ >}}", "{{<", "{%", "{%}", "{{ }}", "{{}}"]
)
def test_braces_in_prose_are_no_tags(prose):
    assert KNOWN.match(prose) is None


def test_the_arguments_of_a_figure_are_read():
    tag = '{{< figure src="/a.png" alt=\'it "is"\' caption=`c` width=3 >}}'
    assert find_figure(tag) == ({"src": "/a.png", "alt": 'it "is"', "caption": "c", "width": "3"}, len(tag))
    assert find_figure('{{< figure alt="x" >}}') is None
