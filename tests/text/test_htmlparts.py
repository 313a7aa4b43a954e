from homeport.text.htmlparts import HtmlParts


def test_images_links_and_ids_are_found():
    parts = HtmlParts(
        '<h2 id="a">A</h2><img src="/x.png" alt=""><img src="/y.png" alt="Y"><a href="#a">up</a><a>no</a>'
    )
    assert parts.images == ["/x.png", "/y.png"]
    assert parts.images_without_alt == ["/x.png"]
    assert list(parts.links) == ["#a"]
    assert "a" in parts.ids


def test_words_that_stand_for_an_image_are_found():
    parts = HtmlParts('<span class="missing-image">A hill</span><span class="other">x</span>')
    assert parts.missing_images == ["A hill"]
