// Bundles a program for a page the way a user would: in a folder of its own, with this package installed in it.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

/** One ES module. `program` may import `utp-load/client`, of which the built files are taken. */
export async function bundleForBrowser(program: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "utp-load-browser-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(PACKAGE, join(folder, "node_modules", "utp-load"), "junction");
    await writeFile(join(folder, "program.js"), program);
    const output = await build({
      root: folder,
      configFile: false,
      logLevel: "error",
      build: { write: false, minify: false, lib: { entry: join(folder, "program.js"), formats: ["es"] } },
    });
    const bundles = Array.isArray(output) ? output : [output];
    return bundles
      .flatMap((bundle) => ("output" in bundle ? bundle.output : []))
      .map(codeOf)
      .join("\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function codeOf(part: object): string {
  return "code" in part && typeof part.code === "string" ? part.code : "";
}
