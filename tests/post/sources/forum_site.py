"""A forum on loopback that speaks ForumMagnum's GraphQL, by a real GraphQL engine.

The schema is the part of the public one that matters here, with its names, its kinds and its
non-null marks; the views select and sort as the site's do, and an offset beyond 2,000 is refused.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from graphql import build_schema, graphql_sync

from .serving import Request, Site

_TERMS = """
  postIds: [String!] notPostIds: [String!] exactPostIds: [String!] af: Boolean question: Boolean
  karmaThreshold: Int excludeEvents: Boolean userId: String filter: String view: String
  filterSettings: JSON sortedBy: String after: String before: String
"""
_SCHEMA = build_schema(f"""
scalar JSON
scalar Date
input SelectorInput {{ _id: String documentId: String }}
input PostDefaultViewInput {{ {_TERMS} }}
input PostsOldInput {{ {_TERMS} }}
input PostsTopInput {{ {_TERMS} meta: Boolean forum: Boolean }}
input PostsUserPostsInput {{ {_TERMS} }}
input PostsTagRelevanceInput {{ {_TERMS} tagId: String }}
input PostSelector {{
  default: PostDefaultViewInput old: PostsOldInput top: PostsTopInput
  userPosts: PostsUserPostsInput tagRelevance: PostsTagRelevanceInput
}}
input TagsTagBySlugInput {{ excludedTagIds: [String!] slug: String }}
input TagSelector {{ tagBySlug: TagsTagBySlugInput }}
input ChaptersSequenceChaptersInput {{ sequenceId: String limit: String }}
input ChapterSelector {{ SequenceChapters: ChaptersSequenceChaptersInput }}
type User {{ _id: String! slug: String! displayName: String! }}
type Tag {{ _id: String! name: String! slug: String! }}
type Sequence {{ _id: String! title: String }}
type Chapter {{ _id: String! number: Float posts: [Post!]! }}
type CrosspostOutput {{ isCrosspost: Boolean! hostedHere: Boolean foreignPostId: String }}
type Post {{
  _id: String! slug: String! title: String! postedAt: Date! modifiedAt: Date pageUrl: String!
  url: String linkUrl: String htmlBody: String baseScore: Float! contents_latest: String
  canonicalSource: String draft: Boolean deletedDraft: Boolean! rejected: Boolean!
  isEvent: Boolean! shortform: Boolean! author: String user: User coauthors: [User!]
  tags: [Tag!]! canonicalSequence: Sequence fmCrosspost: CrosspostOutput
}}
type SinglePostOutput {{ result: Post }}
type MultiPostOutput {{ results: [Post!]! totalCount: Int }}
type MultiTagOutput {{ results: [Tag!]! }}
type SingleSequenceOutput {{ result: Sequence }}
type MultiChapterOutput {{ results: [Chapter!]! }}
type Query {{
  post(selector: SelectorInput, allowNull: Boolean): SinglePostOutput
  posts(selector: PostSelector, limit: Int, offset: Int, enableTotal: Boolean): MultiPostOutput
  tags(selector: TagSelector, limit: Int, offset: Int): MultiTagOutput
  sequence(selector: SelectorInput, allowNull: Boolean): SingleSequenceOutput
  chapters(selector: ChapterSelector, limit: Int, offset: Int): MultiChapterOutput
  GetUserBySlug(slug: String!): User
}}
""")

START = datetime(2020, 1, 1, 12, tzinfo=UTC)


class Forum:
    """Its posts, as its database holds them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.posts: list[dict[str, Any]] = []
        self.users = {
            "ann-lee": {"_id": "userAnn", "slug": "ann-lee", "displayName": "Ann Lee"},
            "bo-marl": {"_id": "userBo", "slug": "bo-marl", "displayName": "Bo Marl"},
        }
        self.tags = {"tides": {"_id": "tagTides", "slug": "tides", "name": "Tides"}}
        self.sequences: dict[str, dict[str, Any]] = {}
        self.questions: list[dict[str, Any]] = []
        self.before: Callable[[Request, int], bool] = lambda request, number: False
        """May answer a request in another way; it is given how many there were."""
        site.pages["/graphql"] = self._answer

    def add(self, number: int | None = None, **given: Any) -> dict[str, Any]:
        """One more post, an hour after the one before it."""
        number = len(self.posts) if number is None else number
        moment = START + timedelta(hours=number)
        id_ = f"post{number:013d}"
        post = {
            "_id": id_,
            "slug": f"about-tide-{number}",
            "title": f"About tide {number}",
            "postedAt": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "pageUrl": f"{self.site.url}/posts/{id_}/about-tide-{number}",
            "url": None,
            "linkUrl": None,
            "htmlBody": f"<p>The tide of day {number} came late, and left early.</p>",
            "baseScore": 10.0,
            "contents_latest": f"rev{number}",
            "canonicalSource": None,
            "draft": None,
            "deletedDraft": False,
            "rejected": False,
            "isEvent": False,
            "shortform": False,
            "author": "Ann Lee",
            "user": self.users["ann-lee"],
            "coauthors": [],
            "tags": [],
            "canonicalSequence": None,
            "fmCrosspost": None,
        } | given
        self.posts.append(post)
        return post

    # ---- the engine --------------------------------------------------------------------------

    def _answer(self, request: Request) -> None:
        question = json.loads(request.body)
        self.questions.append(question)
        if self.before(request, len(self.questions)):
            return
        told = self.say(question)
        status = 400 if "errors" in told and not told["data"] else 200
        request.answer(json.dumps(told), "application/json", status)

    def say(self, question: dict[str, Any]) -> dict[str, Any]:
        """What the engine answers."""
        root = {
            "posts": self._posts,
            "post": lambda info, selector, **_: {"result": self._by_id(selector["_id"])},
            "tags": lambda info, selector, limit=10: {
                "results": [t for t in [self.tags.get(selector["tagBySlug"]["slug"])] if t]
            },
            "GetUserBySlug": lambda info, slug: self.users.get(slug),
            "sequence": lambda info, selector, **_: {"result": self.sequences.get(selector["_id"])},
            "chapters": lambda info, selector, limit=10: {
                "results": self.sequences[selector["SequenceChapters"]["sequenceId"]]["chapters"]
            },
        }
        done = graphql_sync(_SCHEMA, question["query"], root, variable_values=question["variables"])
        return dict(done.formatted)

    def _by_id(self, id_: str) -> dict[str, Any] | None:
        return next((post for post in self.posts if post["_id"] == id_), None)

    def _posts(self, info: Any, selector: dict[str, Any], limit: int = 10, offset: int = 0) -> Any:
        if offset > 2000:
            raise ValueError("Exceeded maximum value for skip")
        [(view, terms)] = selector.items()
        if ids := terms.get("exactPostIds"):
            return {"results": [post for post in self.posts if post["_id"] in ids][:limit]}
        wanted = [tag["tagId"] for tag in (terms.get("filterSettings") or {}).get("tags", [])]
        found = [
            post
            for post in self.posts
            if post["postedAt"] >= (terms.get("after") or "")
            and post["postedAt"] < (terms.get("before") or "9")
            and post["baseScore"] >= (terms.get("karmaThreshold") or -1000)
            and not (terms.get("excludeEvents") and post["isEvent"])
            and (view == "userPosts" or not post["shortform"])
            and all(any(tag["_id"] == one for tag in post["tags"]) for one in wanted)
            and (view != "userPosts" or post["user"]["_id"] == terms["userId"])
        ]
        if view == "old" or terms.get("sortedBy") == "old":
            found.sort(key=lambda post: (post["postedAt"], post["_id"]))
        elif view == "top":
            found.sort(key=lambda post: -post["baseScore"])
        return {"results": found[offset : offset + limit]}
