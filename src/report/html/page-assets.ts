// What a page carries within itself: uPlot with its licence and style, and our own script. The one file that reads them from the disk.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../../errors.js";

/** Texts to be put into a page as they are. */
export interface PageAssets {
  /** uPlot as a script that leaves `uPlot` in the page, and its style sheet. */
  readonly plotScript: string;
  readonly plotStyle: string;
  /** Our own. */
  readonly pageScript: string;
}

/**
 * @param page Which of the scripts of `dist`: what the build makes of `src/report/page/<page>.ts`.
 * @throws {EnvironmentError} If a file of the package, or of uPlot, is not there.
 */
export function pageAssets(page: string): PageAssets {
  try {
    const plot = dirname(createRequire(import.meta.url).resolve("uplot/package.json"));
    const ofPlot = (name: string): string => readFileSync(join(plot, name), "utf8");
    return {
      plotScript: `/*\nuPlot\n${ofPlot("LICENSE").replaceAll("*/", "* /")}*/\n${ofPlot("dist/uPlot.iife.min.js")}`,
      plotStyle: ofPlot("dist/uPlot.min.css"),
      // The same from src and from dist: both lie next to each other.
      pageScript: readFileSync(new URL(`../../../dist/${page}.js`, import.meta.url), "utf8"),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `Cannot write a page: its scripts must be readable, got "${why}"`,
      "Install utp-load anew; in a clone, run npm ci and npm run build",
      { cause: error },
    );
  }
}
