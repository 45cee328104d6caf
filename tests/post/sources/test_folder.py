"""Folders of site generators, notebooks and exports; books."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tts_pipeline.model.source import EpubSource, FolderSource
from tts_pipeline.post.sources import dialect

from .fetching import counted, fetch, posts, tree


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
    assert dialect.plain(text, vault=False, note=lambda name: None) == text


def test_substack(tmp_path: Path) -> None:
    root = lay(tmp_path / "export", **{
        "posts.csv": 'post_id,post_date,is_published,email_sent_at,type,audience,title,subtitle\n'
        '11.ebb,2024-04-02T15:45:00.000Z,true,,newsletter,everyone,"Ebb, again",Of tides & mud\n'
        "12.draft,,false,,newsletter,everyone,Draft,\n"
        "13.lost,2024-04-03T15:45:00.000Z,true,,newsletter,everyone,Lost,\n"
        "14.chat,2024-04-03T15:45:00.000Z,true,,thread,everyone,Chat,\n"
        "../../etc/passwd,,true,,newsletter,everyone,Evil,\n",
        "posts|11.ebb.html": "<p>Water goes.</p>",
    })  # fmt: skip
    assert from_folder(root, tmp_path / "out") == [
        "failed Evil: '../../etc/passwd' is no post's id in an export",
        f"failed Lost: {root / 'posts'} has no 13.lost.html",
        "new Ebb, again",
        "skipped Chat: it is a thread, not a post",
        "skipped Draft: it is a draft",
    ]
    post = posts(tmp_path / "out")["Ebb, again"]
    assert post.body == "<p><em>Of tides &amp; mud</em></p>\n<p>Water goes.</p>"
    assert (post.url, post.id) == ("https://tides.example.org/p/ebb", "11")


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
    ],
)
def test_hostile_markdown_ends_soon(text: str) -> None:
    dialect.plain(text, vault=True, note=lambda name: None)
