"""Folders of site generators, notebooks and exports; books."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tts_pipeline.model.source import EpubSource, FolderSource
from tts_pipeline.post.sources import dialect

from .fetching import counted, fetch, posts, tree

PLAIN = dialect.Dialect(is_vault=False, is_hugo=False)
VAULT = dialect.Dialect(is_vault=True, is_hugo=False)


def lay(root: Path, **files: str) -> Path:
    """Files by their names, with | for / in them."""
    for name, text in files.items():
        path = root / name.replace("|", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def from_folder(
    root: Path, out: Path, base_url: str | None = "https://tides.example.org", **given: bool
) -> list[str]:
    """What each file became."""
    fetched = fetch(FolderSource(path=".", base_url=base_url, **given), out, root=root)
    return sorted(
        f"{one.status} {one.title}" + (f": {one.reason}" if one.reason else "") for one in fetched
    )


def test_hugo(tmp_path: Path) -> None:
    root = lay(tmp_path / "content", **{
        "posts|ebb.md": '+++\ntitle = "Ebb"\ndate = 2024-04-02T15:45:00Z\ntags = ["Sea"]\n+++\nThe {{< ref "flow.md" >}}sea.\n\n{{< figure src="a.png" alt="A pier" caption="At low tide" >}}\n\n[Flow]({{< relref "flow.md" >}}) follows.\n\n{{% notice %}}Mind the mud.{{% /notice %}}\n',
        "posts|flow|index.md": "---\ntitle: Flow\nslug: high-water\nauthor: Ann Lee\n---\nWater.\n",
        "posts|kept.md": '---\ntitle: Kept\nurl: /somewhere/else/\n---\nWords.\n',
        "posts|draft.md": "---\ntitle: Draft\ndraft: true\n---\nNot yet.\n",
        "posts|_index.md": "---\ntitle: All posts\n---\nList.\n",
        "json.md": '---json\n{"title": "By JSON", "tags": ["a"]}\n---\nText.\n',
    })  # fmt: skip
    assert from_folder(root, tmp_path / "out") == [
        "new By JSON", "new Ebb", "new Flow", "new Kept",
        "skipped posts/_index.md: it is a section's page, not a post",
        "skipped posts/draft.md: it is a draft",
    ]  # fmt: skip
    found = posts(tmp_path / "out")
    ebb = found["Ebb"]
    assert (ebb.date, ebb.tags) == (datetime(2024, 4, 2, 15, 45, tzinfo=UTC), ("Sea",))
    assert ebb.url == "https://tides.example.org/posts/ebb/"
    assert "![A pier](<a.png>)\n\nAt low tide" in ebb.body
    assert "[Flow](#) follows." in ebb.body
    assert "Mind the mud." in ebb.body
    assert "{{" not in ebb.body
    assert found["Flow"].url == "https://tides.example.org/posts/high-water/"
    assert found["Flow"].authors == ("Ann Lee",)
    assert found["Kept"].url == "https://tides.example.org/somewhere/else/"


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("posts|a.md", '{\n  "title": "A",\n  "draft": true\n}\n\nSecret.\n', "skipped: it is a draft"),
        ("posts|a.md", '{"title": "A {b}"}\n\nWords.\n', "new"),
        ("posts|a.md", '{"title": "A", }\n\nWords.\n', "failed: the front matter cannot be read"),
        ("posts|a.md", "{{< note >}}A shortcode stands first.\n", "new"),
        ("posts|a.md", '---toml\ndraft = true\n---\nSecret.\n', "skipped: it is a draft"),
        ("posts|a.md", "---yaml\ndraft: true\n---\nSecret.\n", "skipped: it is a draft"),
        ("posts|a.md", "---js\n{ draft: true }\n---\nSecret.\n", "failed: the front matter is a program"),
        ("posts|a.md", '+++\ndraft = true\n\nSecret.\n', "failed: the front matter never ends; put a line `+++`"),
        ("posts|a.md", "---\nheadless: true\n---\nWords.\n", "skipped: the site makes no page of it"),
        ("posts|a.md", "---\npermalink: false\n---\nWords.\n", "skipped: the site makes no page of it"),
        ("posts|a.md", "+++\n[build]\nrender = 'never'\n+++\nWords.\n", "skipped: the site makes no page of it"),
        ("posts|a.md", "+++\n[_build]\nrender = false\n+++\nWords.\n", "skipped: the site makes no page of it"),
        ("posts|a.md", "+++\n[build]\nrender = 'always'\n+++\nWords.\n", "new"),
        ("posts|a.md", "---\npublish: false\n---\nWords.\n", "skipped: it is not to be published"),
        ("posts|a.md", "+++\ndate = 2099-01-01\n+++\nWords.\n", "skipped: it comes out on 2099-01-01"),
        ("posts|a.md", "---\ndate: 2024-01-01\npublishDate: 2099-01-01\n---\nWords.\n", "skipped: it comes out on 2099-01-01"),
        ("posts|a.md", "---\ndate: 2099-01-01\npublishDate: 2024-01-01\n---\nWords.\n", "new"),
        ("posts|a.md", "---\nexpiryDate: 2024-05-31\n---\nWords.\n", "skipped: it expired on 2024-05-31"),
        ("posts|a.md", "---\nexpiryDate: 2024-06-02\n---\nWords.\n", "new"),
        ("_posts|2099-04-09-a.md", "---\ntitle: A\n---\nWords.\n", "skipped: it comes out on 2099-04-09"),
    ],
)  # fmt: skip
def test_what_the_generator_does_not_publish(
    name: str, text: str, status: str, tmp_path: Path
) -> None:
    root = lay(tmp_path / "content", **{name: text})
    [told] = fetch(FolderSource(path="."), tmp_path / "out", root=root)
    wanted, _, why = status.partition(": ")
    assert told.status == wanted
    assert why in (told.reason or "")


def test_what_the_folders_around_a_post_say_for_it(tmp_path: Path) -> None:
    root = lay(tmp_path / "content", **{
        "old|_index.md": '+++\n[cascade]\ndraft = true\n+++\n',
        "old|deep|a.md": "Secret.\n",
        "old|b.md": "---\ndraft: false\n---\nPublic.\n",
        "some|_index.md": "---\ncascade:\n- draft: true\n  _target:\n    path: '{/some/c*}'\n- draft: true\n  target:\n    kind: section\n---\n",
        "some|c.md": "Secret.\n",
        "some|d.md": "Public.\n",
        "eleven|eleven.json": '{"draft": true, "title": "Not this", "tags": ["nor this"]}',
        "eleven|e.md": "Secret.\n",
        "eleven|f.md": "Public.\n",
        "eleven|f.11tydata.json": '{"draft": false}',
        "broken|broken.json": "{",
        "broken|g.md": "Words.\n",
    })  # fmt: skip
    told = {one.title: one for one in fetch(FolderSource(path="."), tmp_path / "out", root=root)}
    assert {title for title, one in told.items() if one.status == "new"} == {"B", "D", "F"}
    drafts = {title for title, one in told.items() if one.reason == "it is a draft"}
    assert drafts == {"old/deep/a.md", "some/c.md", "eleven/e.md"}
    assert "broken.json speaks for the posts beside it" in (told["broken/g.md"].reason or "")
    assert posts(tmp_path / "out")["F"].tags == ()


@pytest.mark.parametrize(("hugo", "status"), [(True, "skipped"), (False, "new")])
def test_files_beside_the_index_of_a_bundle_are_its_parts(
    hugo: bool, status: str, tmp_path: Path
) -> None:
    root = lay(tmp_path / "site", **{
        "content|index.md": "Home.\n",
        "content|ebb|index.md": "Words.\n",
        "content|ebb|notes.md": "For myself.\n",
        "content|ebb|more|old.md": "For myself.\n",
        "content|flow.md": "Words.\n",
    })  # fmt: skip
    if hugo:
        lay(root, **{"hugo.toml": ""})
    told = fetch(FolderSource(path="content"), tmp_path / "out", root=root)
    assert [one.status for one in told] == ["new", "new", "new", status, status]


def test_front_matter_for_other_ends_fails_no_post(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = lay(tmp_path / "site", **{
        "a.md": "---\ntitle: Ebb\ncanonical_url: /x/\nlang: english\nscore: 8/10\nnumber: II\ntags: [sea]\n---\nWords.\n",
        "b.md": "---\ntitle: Flow\nscore: 9/10\nlang: en\n---\nWords.\n",
    })  # fmt: skip
    assert from_folder(root, tmp_path / "out") == ["new Ebb", "new Flow"]
    found = posts(tmp_path / "out")
    assert (found["Ebb"].tags, found["Ebb"].score) == (("sea",), None)
    assert found["Flow"].language == "en"
    [record] = caplog.records
    assert "`score` (2), `canonical_url` (1), `lang` (1)" in record.getMessage()


@pytest.mark.parametrize(
    ("name", "front", "address"),
    [
        ("_posts|2024-04-02-a.md", "categories: [Sea, notes]", "sea/notes/2024/04/02/a.html"),
        ("_posts|2024-04-02-a.md", "categories: sea notes", "sea/notes/2024/04/02/a.html"),
        ("blog|_posts|2024-04-02-a.md", "category: sea", "blog/sea/2024/04/02/a.html"),
        ("_posts|2024-04-02-a.md", "permalink: /:categories/:title/", None),
        ("posts|a.md", 'permalink: "/blog/{{ page.fileSlug }}/"', None),
        ("posts|a.md", "permalink: posts/c/index.html", "posts/c/"),
        ("posts|a.md", "url: special/place/", "special/place/"),
        ("posts|a.md", "url: https://other.example.org/a", "https://other.example.org/a"),
        ("posts|a.fr.md", "title: A", None),
        ("index.html", "title: A", ""),
    ],
)
def test_the_address_that_the_generator_gives(
    name: str, front: str, address: str | None, tmp_path: Path
) -> None:
    root = lay(tmp_path / "site", **{name: f"---\n{front}\n---\nWords.\n"})
    [told] = fetch(
        FolderSource(path=".", base_url="https://a.example.org"), tmp_path / "o", root=root
    )
    assert told.status == "new"
    assert told.url == (None if address is None else urljoin("https://a.example.org/", address))


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ("permalink: pretty # as ever", "https://a.example.org/2024/04/02/a/"),
        ("title: Sea", "https://a.example.org/2024/04/02/a.html"),
        ("permalink: /:year/:title/", None),
        ("defaults:\n  - values:\n      permalink: /:title/", None),
    ],
)
def test_jekylls_settings_may_give_another_address(
    config: str, address: str | None, tmp_path: Path
) -> None:
    root = lay(tmp_path / "site", **{"_config.yml": config, "_posts|2024-04-02-a.md": "Words.\n"})
    [told] = fetch(
        FolderSource(path=".", base_url="https://a.example.org"), tmp_path / "o", root=root
    )
    assert told.url == address


def test_jekyll_and_eleventy(tmp_path: Path) -> None:
    root = lay(tmp_path / "site", **{
        "_posts|2024-04-02-low-water.md": "---\nlayout: post\npublished: true\n---\nWords.\n{: .lead}\n\n{% highlight ruby %}\nputs 1\n{% endhighlight %}\n\n{% include share.html %}{{ site.title }}End.\n",
        "_posts|2024-04-03-hidden.md": "---\ntitle: Hidden\npublished: false\n---\nWords.\n",
        "_drafts|idea.md": "---\ntitle: Idea\n---\nWords.\n",
        "_includes|share.html": "<p>Share</p>",
        "posts|eleven.md": "---\ntitle: Eleven\ndate: Last Modified\npermalink: /eleven/\n---\nWords `{{ kept }}`.\n",
        "posts|list.html": "---\ntitle: List\neleventyExcludeFromCollections: true\n---\n<p>x</p>",
        "posts|html.html": "---\ntitle: By hand\nauthors: [Ann, Bo]\n---\n<p>Plain HTML.</p>",
    })  # fmt: skip
    assert from_folder(root, tmp_path / "out") == [
        "new By hand", "new Eleven", "new Low water",
        "skipped _drafts/idea.md: it is a draft",
        "skipped _posts/2024-04-03-hidden.md: it is a draft",
        "skipped posts/list.html: it is left out of the site's collections",
    ]  # fmt: skip
    found = posts(tmp_path / "out")
    low = found["Low water"]
    assert low.date == datetime(2024, 4, 2, tzinfo=UTC)
    assert low.url == "https://tides.example.org/2024/04/02/low-water.html"
    assert "```ruby\nputs 1\n```" in low.body
    assert "{" not in low.body
    assert low.body.rstrip().endswith("End.")
    assert found["Eleven"].url == "https://tides.example.org/eleven/"
    assert "`{{ kept }}`" in found["Eleven"].body
    assert found["By hand"].author == "Ann and Bo"


def test_obsidian(tmp_path: Path) -> None:
    root = lay(tmp_path / "vault", **{
        ".obsidian|app.json": "{}",
        "Tides.md": "See [[Moon|the moon]], [[notes/Sun#Light]] and [[Moon]]. ^intro\n\n%% not\nthis %%\n![[pier.png|A pier]] ![[wave.png|300]] ![[song.mp3]]\n\n![[Moon]]\n\n![[Sun#Light]]\n\n![[Nowhere]]\n\n> [!warning]- Mind the mud\n> It is deep.\n\n> [!tip]\n> Boots.\n\n`[[code]]`\n\n```\n![[code]] %%kept%%\n```\n",
        "Moon.md": "---\ntags: [sky]\n---\nIt pulls. ![[Tides]]\n",
        "notes|Sun.md": "# Sun\n\nFar.\n\n## Light\n\nEight minutes.\n\n## Heat\n\nMuch.\n",
    })  # fmt: skip
    assert from_folder(root, tmp_path / "out", base_url=None) == [
        "new Moon",
        "new Sun",
        "new Tides",
    ]
    body = posts(tmp_path / "out")["Tides"].body
    assert body.startswith("See the moon, Sun > Light and Moon.\n")
    assert "not\nthis" not in body
    assert "![A pier](<pier.png>) ![](<wave.png>)" in body
    assert "It pulls." in body
    assert "Eight minutes." in body
    assert "Much." not in body
    assert "Nowhere" in body
    assert "> **Mind the mud**\n>\n> It is deep." in body
    assert "> **Tip**\n>\n> Boots." in body
    assert "`[[code]]`" in body
    assert "![[code]] %%kept%%" in body
    assert posts(tmp_path / "out")["Tides"].id == "Tides.md"


def test_outside_a_vault_percent_signs_stay() -> None:
    text = "It rose by 5 %% and fell by 6 %%, as 2^10 says ^here\n"
    assert dialect.plain(text, PLAIN, note=lambda name: None) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("So it is [[1]](https://x.org), and [[2]][two].", "So it is [[1]](https://x.org), and [[2]][two]."),
        ("A {::comment}\nsecret `code`\n{:/comment}B {::nomarkdown}C{:/} D", "A B C D"),
        ("A {::comment}secret{:/}B", "A B"),
        ("* Contents\n{:toc}\n\nA\n{: .lead}\n", "\n\nA\n\n"),
        ("A {% comment %}\n```\nsecret\n```\n{% endcomment %}B", "A B"),
        ("A {{< comment >}}secret{{< /comment >}}B", "A B"),
        ("A {# secret\n  remark #}B ### C {#anchor}", "A B ### C {#anchor}"),
        ('A {{< tweet\n  user="ann"\n  id="1" >}}B {{% note\n %}}C', "A B C"),
        ("A {%- capture foo\n-%}B{% endcapture %}", "A B"),
        ("A {% raw %}[[x]] {{ y }} {% z %}{% endraw %} B", "A [[x]] {{ y }} {% z %} B"),
        ("`{% comment %}` A `{% endcomment %}`", "`{% comment %}` A `{% endcomment %}`"),
    ],
)  # fmt: skip
def test_what_a_generator_reads_beside_markdown(written: str, text: str) -> None:
    assert dialect.plain(written, PLAIN, note=lambda name: None) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("$\\frac{{n}}{{k}}$ {: x} {% y %}", "$\\frac{{n}}{{k}}$ {: x} {% y %}"),
        ("A {{< note >}}B", "A B"),
        ("- one\n- two\n\n^list-id\n\nEnd. ^b1\n", "- one\n- two\n\n\n\nEnd.\n"),
        ("| ![[a.png\\|100]] | [[Moon\\|the moon]] | [[Sun\\]] |", "| ![](<a.png>) | the moon | Sun |"),
        ("A %%\n`secret`\n%%B `%%kept%%`", "A B `%%kept%%`"),
    ],
)  # fmt: skip
def test_what_a_notebook_reads_beside_markdown(written: str, text: str) -> None:
    assert dialect.plain(written, VAULT, note=lambda name: None) == text


def test_hugo_fills_in_its_shortcodes_alone() -> None:
    hugo = dialect.Dialect(is_vault=False, is_hugo=True)
    written = "$\\frac{{n}}{{k}}$ {{< note >}}A {{% b %}}"
    assert dialect.plain(written, hugo, note=lambda name: None) == "$\\frac{{n}}{{k}}$ A "


def test_html_with_front_matter_is_filled_in(tmp_path: Path) -> None:
    html = '<p>A {% comment %}secret{% endcomment %}{{ x }}{% if y %}B</p>{{< figure src="a.png" alt="A pier" caption="At low tide" >}}<pre>{{ kept }}</pre>{% highlight ruby %}\nputs 1 < 2\n{% endhighlight %}'
    root = lay(tmp_path / "site", **{
        "a.html": f"---\ntitle: Ours\n---\n{html}", "b.html": f"<title>Saved</title>{html}",
    })  # fmt: skip
    from_folder(root, tmp_path / "out")
    found = posts(tmp_path / "out")
    assert found["Ours"].body == (
        '<p>A B</p><figure><img src="a.png" alt="A pier"><figcaption>At low tide</figcaption></figure>'
        '<pre>{{ kept }}</pre><pre><code class="language-ruby">puts 1 &lt; 2</code></pre>'
    )
    assert "{{ x }}" in found["Saved"].body


def test_names_of_notes_are_names(tmp_path: Path) -> None:
    root = lay(tmp_path / "vault", **{
        ".obsidian|app.json": "{}",
        "A.md": '---\nauthor: "[[Ann Lee]]"\ntags: ["[[sea|Sea]]", mud]\n---\nLook: ![[B#^list]] ![[B#^words]]\n',
        "B.md": "---\nauthors: [[Bo Low]]\n---\nNot this.\n\n- one\n- two\n\n^list\n\nSome words. ^words\n",
    })  # fmt: skip
    from_folder(root, tmp_path / "out")
    found = posts(tmp_path / "out")
    assert (found["A"].authors, found["A"].tags) == (("Ann Lee",), ("Sea", "mud"))
    assert found["B"].authors == ("Bo Low",)
    assert found["A"].body.split() == "Look: - one - two Some words.".split()


def test_substack(tmp_path: Path) -> None:
    root = lay(tmp_path / "export", **{
        "posts.csv": 'post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle\n'
        '11.ebb,2024-04-02T15:45:00.000Z,true,,newsletter,everyone,"Ebb, again",Of tides & mud\n'
        "12.draft,,false,,newsletter,everyone,Draft,\n"
        "13.lost,2024-04-03T15:45:00.000Z,true,,newsletter,everyone,Lost,\n"
        "14.chat,2024-04-03T15:45:00.000Z,true,,thread,everyone,Chat,\n"
        "15.dear,2024-04-03T15:45:00.000Z,true,,newsletter,only_paid,Dear,\n"
        "../../etc/passwd,,true,,newsletter,everyone,Evil,\n",
        "posts|15.dear.html": "<p>For those who pay.</p>",
        "posts|11.ebb.html": "<p>Water goes.</p>",
    })  # fmt: skip
    assert from_folder(root, tmp_path / "out") == [
        "failed Evil: '../../etc/passwd' is no post's id in an export",
        f"failed Lost: {root / 'posts'} has no 13.lost.html",
        "new Ebb, again",
        "skipped Chat: it is a thread, not a post",
        "skipped Dear: it is for paying subscribers alone",
        "skipped Draft: it is a draft",
    ]
    post = posts(tmp_path / "out")["Ebb, again"]
    assert post.body == "<p><em>Of tides &amp; mud</em></p>\n<p>Water goes.</p>"
    assert (post.url, post.id) == ("https://tides.example.org/p/ebb", "11")
    assert "new Dear" in from_folder(root, tmp_path / "out", paid=True)


def test_of_an_export_older_posts_are_left_and_none_is_called_by_a_number(tmp_path: Path) -> None:
    root = lay(tmp_path / "export", **{
        "posts.csv": "post_id,post_date,is_published,title\n"
        "11.old,2020-04-02T15:45:00.000Z,true,Old\n12.low-water,2024-04-02T15:45:00.000Z,true,\n",
        "posts|11.old.html": "<p>Water goes.</p>",
        "posts|12.low-water.html": "<p>Water comes.</p>",
    })  # fmt: skip
    since = datetime(2023, 1, 1, tzinfo=UTC)
    old, new = fetch(FolderSource(path="."), tmp_path / "out", root=root, since=since)
    assert (old.status, old.reason) == ("skipped", "it is older than 2023-01-01")
    assert (new.status, new.title) == ("new", "Low water")


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    root = lay(tmp_path / "posts", **{"a.md": "# A\n\nText.\n", "b.md": "# B\n\nText.\n"})
    out = tmp_path / "out"
    from_folder(root, out)
    before = tree(out)
    assert from_folder(root, out) == ["unchanged A", "unchanged B"]
    assert tree(out) == before
    lay(root, **{"a.md": "# A\n\nEdited.\n"})
    (root / "b.md").unlink()
    assert from_folder(root, out) == ["changed A"]
    assert set(tree(out)) == set(before)


def test_what_is_wrong_with_a_file_is_that_files_alone(tmp_path: Path) -> None:
    root = lay(tmp_path / "posts", **{
        "a.md": "---\ntitle: [\n---\nText.\n", "b.md": "+++\ntitle = \n+++\nText.\n",
        "c.md": "---json\n[1]\n---\nText.\n", "d.md": "---\ndate: soon\n---\nText.\n", "e.md": "# E\n\nText.\n",
        "f.md": "",
    })  # fmt: skip
    told = from_folder(root, tmp_path / "out")
    assert [one.partition(":")[0].partition(" ")[0] for one in told] == ["failed"] * 5 + ["new"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n\nWords.")
    root = lay(tmp_path / "posts", **{"a.md": "![[../secret]] ![[evil]]\n"})
    (root / "evil.md").symlink_to(tmp_path / "secret.md")
    (root / "etc").symlink_to("/etc")
    told = from_folder(root, tmp_path / "out")
    assert len(told) == 2
    assert "leads out of the folder" in told[0]
    assert "Words" not in posts(tmp_path / "out")["A"].body


def test_a_link_to_itself_is_that_files_failure(tmp_path: Path) -> None:
    root = lay(tmp_path / "posts", **{"a.md": "Words.\n", "c.md": "Words.\n"})
    (root / "b.md").symlink_to("b.md")
    told = fetch(FolderSource(path="."), tmp_path / "out", root=root)
    assert [one.status for one in told] == ["new", "failed", "new"]
    assert "b.md cannot be read: Symlink loop" in (told[1].reason or "")


def test_a_pipe_in_a_folder_is_that_files_failure(tmp_path: Path) -> None:
    root = lay(tmp_path / "posts", **{"a.md": "Good.\n"})
    os.mkfifo(root / "pipe.md")
    failed, made = from_folder(root, tmp_path / "out")
    assert "it is a pipe" in failed
    assert made == "new A"


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    [failed] = fetch(FolderSource(path="none"), tmp_path)
    assert "does not exist" in (failed.reason or "")


def test_notes_inside_each_other_end(tmp_path: Path) -> None:
    root = lay(
        tmp_path / "v",
        **{f"{n}.md": "word " + "".join(f"![[{m}]]" for m in range(6)) for n in range(6)},
    )
    from_folder(root, tmp_path / "out")
    assert max(len(post.body) for post in posts(tmp_path / "out").values()) < 20_000


def book(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Sea</dc:title></metadata><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr("a.xhtml", "<html><body><h1>One</h1><p>Words of it.</p></body></html>")


def test_books_are_kept_as_they_are(tmp_path: Path) -> None:
    book(tmp_path / "sea.epub")
    (tmp_path / "bad.epub").write_bytes(b"PK no")
    out = tmp_path / "out"
    source = EpubSource(paths=["sea.epub", "bad.epub", "none.epub"])
    assert counted(fetch(source, out, root=tmp_path)) == {"new": 1, "failed": 2}
    [path] = (out / "posts" / "blog").iterdir()
    assert path.read_bytes() == (tmp_path / "sea.epub").read_bytes()
    assert counted(fetch(source, out, root=tmp_path)) == {"unchanged": 1, "failed": 2}


@pytest.mark.parametrize(
    "text",
    [
        "[[" * 20_000,
        "{{" * 20_000,
        "%%" * 20_001,
        "> [!" * 10_000,
        "`" * 20_001 + "a",
        "![[a|" * 9000,
        "{%" * 20_000,
        "{% highlight a %}" * 3000,
        "{% comment %}" * 3000,
        "{% raw %}" * 3000,
        "{::comment}" * 3000,
        "{{< a\n" * 9000,
        "{% a\n" * 9000,
        "{# a\n" * 9000,
        "<pre>" * 3000,
    ],
)
def test_hostile_markdown_ends_soon(text: str) -> None:
    for kind in (VAULT, PLAIN):
        dialect.plain(text, kind, note=lambda name: None)
    dialect.page(text, PLAIN)
