// Leaves in the sheet named first what the pages' templates, scripts and Python may use; writes it to the second name.
// https://purgecss.com/api.html — whatever looks like a class anywhere in those files stays.
import { readFile, writeFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";

const [from, to, ...content] = process.argv.slice(2);
const [{ css }] = await new PurgeCSS().purge({
  css: [{ raw: await readFile(from, "utf8") }],
  content,
  // The theme is an attribute of <html>, what a script opens is a class that Bootstrap's own words name.
  safelist: { greedy: [/data-bs-theme/], standard: [/^show$/, /^collaps/, /^is-/] },
});
await writeFile(to, css);
