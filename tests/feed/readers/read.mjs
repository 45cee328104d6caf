// What two parsers read in the feed on standard input, as JSON.
import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";
import partytime from "podcast-partytime";

const feed = readFileSync(0, "utf8");
console.log(
  JSON.stringify({ partytime: partytime.parseFeed(feed), feedsmith: parseRssFeed(feed) }),
);
