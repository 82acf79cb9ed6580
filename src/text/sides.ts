/** Whose client tools dump and restore between two servers. */
interface Tools {
  readonly dump_by: 'from' | 'to';
  readonly restore_by: 'from' | 'to';
}

interface Place<Version> {
  readonly server: Version;
  readonly tools: Version;
  readonly compression: readonly string[];
  readonly other?: Place<Version> | undefined;
}

/** What is true where a dump is taken: the source's server, and the tools that dump. */
export function dumpSide<V, W extends Place<V> & { readonly other?: W | undefined }>(
  { upgrade }: { readonly upgrade?: Tools | undefined },
  world: W,
): W {
  const { other } = world;
  if (upgrade?.dump_by !== 'to' || !other) return world;
  return { ...world, tools: other.tools, compression: other.compression };
}

/** What is true where it is restored: the target's server, the tools that restore, and what the dump came from. */
export function restoreSide<V, W extends Place<V> & { readonly other?: W | undefined }>(
  trial: { readonly upgrade?: Tools | undefined },
  world: W,
): W & { readonly dumped?: W } {
  const { other } = world;
  const { upgrade } = trial;
  if (!upgrade || !other) return world;
  const { tools } = upgrade.restore_by === 'to' ? other : world;
  return { ...other, tools, dumped: dumpSide<V, W>(trial, world) };
}

interface Versions {
  readonly server: { readonly major: number };
  readonly tools: { readonly major: number };
  readonly dumped?: Versions | undefined;
}

const PROVIDERS_SINCE = 15;

/** Whether a dump with `--create` names the locale provider of its database to a server that knows of none. */
export function namesUnknownProvider({ server, tools, dumped }: Versions): boolean {
  return (dumped?.tools ?? tools).major >= PROVIDERS_SINCE && server.major < PROVIDERS_SINCE;
}
