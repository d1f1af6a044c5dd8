// Manifests as YAML that people keep in a repository: one document each, with a head that says what they are and how to use them.
import { stringify } from "yaml";
import type { Manifest } from "./kubernetes.js";

/** @param createdBy The command, for the head. */
export function manifestsText(manifests: readonly Manifest[], createdBy: string): string {
  const job = manifests.find(({ kind }) => kind === "Job")?.metadata?.name ?? "";
  const head = `# ${job}: one load test in shards. Made by
#   ${createdBy.replaceAll("\n", " ")}
# kubectl apply -f FILE, then kubectl wait --for=condition=Complete job/${job}-merge --timeout=-1s; the merged result is in the
# volume, in ${job}/merged. A second run wants a new folder there: delete both Jobs, and the folder, before applying again.
`;
  return (
    head +
    manifests.map((manifest) => `---\n${stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })}`).join("")
  );
}
