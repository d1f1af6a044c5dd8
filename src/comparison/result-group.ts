// What a person names as one side of a comparison: a folder, several with commas between them, or a folder of results. Reads names only.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { RESULT_FILES } from "../result/results-folder.js";

/**
 * The result folders that `text` stands for. A folder that is no result but holds some stands for all of them, in order of their
 * names; what is neither stays as it is, for its reader to refuse.
 */
export function resultGroup(text: string): string[] {
  // A path with a comma in its name is a path.
  if (existsSync(text)) return resultsIn(text);
  const folders = text.split(",").flatMap((part) => (part.trim() === "" ? [] : resultsIn(part.trim())));
  return folders.length > 0 ? folders : [text];
}

function resultsIn(folder: string): string[] {
  if (isResult(folder) || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [folder];
  const inside = readdirSync(folder)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((name) => join(folder, name))
    .filter(isResult);
  return inside.length > 0 ? inside : [folder];
}

function isResult(folder: string): boolean {
  return existsSync(join(folder, RESULT_FILES.run));
}
