import pytest

from homeport.text.markdown import Rendered, RenderOptions, Resolved, render


def shown(source: str, **options: bool) -> Rendered:
    return render(
        source,
        options=RenderOptions(**options),
        resolve=lambda kind, _: Resolved("/there", kind=kind if kind == "image" else ""),
    )


class TestTargets:
    @pytest.mark.parametrize(
        "target",
        [
            '{{< ref "second.md" >}}',
            '{{< relref "/posts/bundle" >}}#sec',
            "{{% ref 'a b.md' %}}",
            "{% post_url 2019-02-03-second %}",
            "{% link _posts/2020-01-01-x.md %}",
            "{{ site.baseurl }}/assets/_i_.png",
            "{{ site.url }}{{ site.baseurl }}/x",
            '{{ "/assets/j j.png" | relative_url }}',
            "{{ '/x' | absolute_url }}?a=b#c",
            "https://x.example/{{ page.slug }}",
        ],
    )
    def test_a_target_may_be_a_tag(self, target: str):
        link = ("link", target)
        for source in (
            f"[a]({target})",
            f'[a]( {target} "T")',
            f"[a]\n\n[a]: {target}",
            f'<i><a href="{target}">a</a></i>',
        ):
            rendered = shown(source)
            assert (rendered.references, rendered.dropped) == ((link,), ())
            assert 'href="/there"' in rendered.html
        for source in (f"![a]({target})", f'x <img src="{target}" alt=a>', f'<div><img alt=a src="{target}"></div>'):
            rendered = shown(source)
            assert (rendered.references, rendered.dropped) == ((("image", target),), ())
            assert 'src="/there"' in rendered.html

    def test_what_leads_nowhere_is_no_link_to_a_tag(self):
        assert render('[a]({{< ref "gone.md" >}})').html == "<p><a>a</a></p>\n"
        assert render("[a]({{ site.baseurl }}/tags/x)").html == '<p><a href="/tags/x">a</a></p>\n'
        assert "{{" not in render("![]({{ site.baseurl }}/gone.png)").html

    def test_a_script_cannot_hide_in_a_tag(self):
        html = render("[a]({{ 'javascript:x' | relative_url }}) <a href=\"{{ 'javascript:x' | y }}\">b</a>").html
        assert "javascript" not in html


class TestFigure:
    @pytest.mark.parametrize("braces", ["{{{{< {} >}}}}", "{{{{% {} %}}}}"])
    def test_it_is_a_picture_with_its_caption(self, braces: str):
        figure = braces.format('figure src="/img/cover.png" alt="It\'s" caption="A _c_"')
        rendered = shown(f"before\n{figure}\nafter")
        assert rendered.references == (("image", "/img/cover.png"),)
        assert '<figure class="image"><img src="/there" alt="It&#x27;s"' in rendered.html.replace("'", "&#x27;")
        assert "<figcaption>A _c_</figcaption>" in rendered.html
        assert "<p>before</p>" in rendered.html
        assert "<p>after</p>" in rendered.html

    def test_it_may_be_a_link(self):
        assert shown('{{< figure src="a.png" link="/b" >}}').references == (("link", "/b"), ("image", "a.png"))

    def test_one_without_a_picture_is_a_tag_like_others(self):
        assert shown('{{< figure alt="x" >}}').dropped == (
            "line 1: the template tag {{< figure … >}} is shown as text",
        )


class TestCode:
    @pytest.mark.parametrize(
        ("opening", "closing"),
        [
            ('{{< highlight python "linenos=table" >}}', "{{< /highlight >}}"),
            ("{{% highlight python %}}", "{{% /highlight %}}"),
            ("{% highlight python linenos %}", "{% endhighlight %}"),
        ],
    )
    def test_it_is_a_block_of_code(self, opening: str, closing: str):
        html = shown(f'before\n{opening}\n\n# "x"\n\n    1\n{closing}\nafter').html
        assert 'data-lang="python"' in html
        assert ('data-n="1"' in html) == ("linenos" in opening)
        assert '<span class="c"># "x"</span>' in html
        assert "highlight" not in html
        assert "<p>after</p>" in html

    def test_marks_of_raw_text_in_it_are_left_out(self):
        html = shown("{% highlight text %}{% raw %}{{ a | b }}{% endraw %}{% endhighlight %}").html
        assert "{{ a | b }}\n</span>" in html
        assert "raw" not in html

    def test_one_that_never_ends_is_text(self):
        rendered = shown("{% highlight ruby %}\nputs\n\nafter")
        assert "<p>after</p>" in rendered.html
        assert rendered.dropped == ("line 1: the template tag {% highlight … %} is shown as text",)


class TestRaw:
    @pytest.mark.parametrize(
        "source",
        ['{% raw %}{{ site.x }} {{ "a" | b }}{% endraw %}', '{% raw %}\n{{ site.x }} {{ "a" | b }}\n{% endraw %}'],
    )
    def test_what_is_marked_as_raw_is_shown_without_the_marks(self, source: str):
        rendered = shown(source, typographer=True)
        assert rendered.html == '<p>{{ site.x }} {{ "a" | b }}</p>\n'
        assert rendered.dropped == ()

    def test_fences_between_the_marks_stay_fences(self):
        html = shown("{% raw %}\n```\n{{ x }}\n```\n{% endraw %}").html
        assert html.startswith('<figure class="code">')
        assert "raw" not in html

    def test_a_mark_alone_is_only_written_about(self):
        assert "{% raw %}" in shown("Use {% raw %} for this.").html


class TestWords:
    @pytest.mark.parametrize(
        "tag",
        [
            "{{< youtube x >}}",
            '{{ youtube(id="...") }}',
            "{% include x %}",
            "{% quote() %}",
            "{{% notice %}}",
            "{{ page.x }}",
        ],
    )
    def test_other_tags_stay_as_they_are_and_are_named(self, tag: str):
        rendered = shown(f"One\n{tag}, _two_.\n\nThree.", typographer=True)
        escaped = tag.replace("<", "&lt;").replace(">", "&gt;")
        assert f'<code class="shortcode">{escaped}</code>, <em>two</em>' in rendered.html
        (sentence,) = rendered.dropped
        assert sentence.startswith("line 2: the template tag {")
        assert "{" not in rendered.excerpt

    def test_what_only_ends_a_tag_is_not_named(self):
        assert shown("{% quote() %}\nx\n{% end %}\n\n{{< a >}}b{{< /a >}}").dropped == (
            "line 1: the template tag {% quote … %} is shown as text",
            "line 5: the template tag {{< a >}} is shown as text",
        )

    @pytest.mark.parametrize("prose", ["{{closure}}", "a {{ b }} c", "{{< /* youtube x */ >}}", "\\{% x %}"])
    def test_prose_is_left_alone(self, prose: str):
        rendered = shown(prose)
        assert rendered.dropped == ()
        assert "<code" not in rendered.html

    def test_code_is_left_alone(self):
        rendered = shown(
            "`{{< a >}}` and `{% raw %}{% endraw %}`\n\n```\n{{< figure src=a >}}\n{% raw %}\n```\n\n    {% x %}"
        )
        assert rendered.dropped == ()
        assert rendered.references == ()
        assert rendered.html.count("{% raw %}") == 2
