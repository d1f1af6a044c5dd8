// A step of the build: what runs in the pages that are written, each as one script of the package. No other code uses it.
import { readFileSync, writeFileSync } from "node:fs";
import { joinModules } from "./join-modules.js";

for (const page of ["report-page", "live-page"]) {
  const entry = new URL(`../report/page/${page}.js`, import.meta.url);
  const script = joinModules(entry, (url) => readFileSync(url, "utf8"));
  writeFileSync(new URL(`../${page}.js`, import.meta.url), script);
}
