// The keys of the profile language, out of its JSON Schema: all of them, and those of one place. Knows no values.

/** The part of JSON Schema that names keys. */
export interface KeyTree {
  readonly properties?: Readonly<Record<string, KeyTree>>;
  readonly items?: KeyTree;
  readonly additionalProperties?: KeyTree | boolean;
  readonly anyOf?: readonly KeyTree[];
  /** `#/$defs/NAME` */
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, KeyTree>>;
}

/**
 * Every key of the language as `transport.heartbeat` or `stages[].target`; keys that people choose are `<name>`. Where the language
 * holds itself, as steps do, keys are told once, at the first place.
 */
export function keyPaths(root: KeyTree): string[] {
  return pathsBelow(root, "", root, new Set());
}

function pathsBelow(tree: KeyTree, prefix: string, root: KeyTree, seen: Set<string>): string[] {
  if (tree.$ref !== undefined) {
    if (seen.has(tree.$ref)) return [];
    seen.add(tree.$ref);
  }
  const own = resolved(tree, root);
  const below = (child: KeyTree, path: string): string[] => pathsBelow(child, path, root, seen);
  return [
    ...Object.entries(own.properties ?? {}).flatMap(([key, child]) => {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      return [path, ...below(child, path)];
    }),
    ...(own.items === undefined ? [] : below(own.items, `${prefix}[]`)),
    ...(typeof own.additionalProperties === "object" ? below(own.additionalProperties, `${prefix}.<name>`) : []),
    ...(own.anyOf ?? []).flatMap((choice) => below(choice, prefix)),
  ];
}

/** Keys that the language knows at `path`. */
export function keysAt(root: KeyTree, path: readonly PropertyKey[]): string[] {
  let trees: KeyTree[] = [root];
  for (const step of path) trees = trees.flatMap((tree) => ways(tree, root)).flatMap((tree) => stepInto(tree, step));
  return trees.flatMap((tree) => ways(tree, root)).flatMap((tree) => Object.keys(tree.properties ?? {}));
}

function stepInto(tree: KeyTree, step: PropertyKey): KeyTree[] {
  const rest = typeof tree.additionalProperties === "object" ? tree.additionalProperties : undefined;
  const next = typeof step === "number" ? tree.items : (tree.properties?.[String(step)] ?? rest);
  return next === undefined ? [] : [next];
}

/** All ways to write what `tree` describes. */
function ways(tree: KeyTree, root: KeyTree): KeyTree[] {
  const own = resolved(tree, root);
  return own.anyOf === undefined ? [own] : own.anyOf.flatMap((choice) => ways(choice, root));
}

/** What a reference stands for, over as many steps as it takes; what is beside it is kept. */
export function resolved<Tree extends KeyTree>(tree: Tree, root: Tree): Tree {
  const name = tree.$ref?.split("/").at(-1);
  const meant = name === undefined ? undefined : (root.$defs?.[name] as Tree | undefined);
  if (meant === undefined) return tree;
  const { $ref: _, ...rest } = tree;
  return { ...resolved(meant, root), ...rest } as Tree;
}
