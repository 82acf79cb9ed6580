import { chmod, chown, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Installation } from './postgres/installations.ts';
import { shellWord } from './text/shell-word.ts';

/**
 * An installation for tests: links to the programs of a true one, and an `initdb` of its own, which makes a cluster by
 * the true one only the first time that it is given certain options. From then on it copies that cluster: a test run
 * starts a hundred throwaway servers, and a copy costs a tenth of an initdb. Clusters of the same options have the same
 * system identifier then; nothing else tells them from fresh ones.
 *
 * @param place a directory to be made, where everybody may enter
 * @param account as whom the servers run
 * @returns the directory of the programs
 */
export async function makeTestInstallation(
  installation: Installation,
  place: string,
  account: { readonly uid: number; readonly gid: number },
): Promise<string> {
  const [bin, clusters] = [join(place, 'bin'), join(place, 'clusters')];
  for (const directory of [place, bin, clusters]) await mkdir(directory);
  await chown(clusters, account.uid, account.gid);
  // Where a search for the libpq of these programs looks.
  if (installation.libraryPath !== undefined) await symlink(installation.libraryPath, join(place, 'lib'));
  for (const program of await readdir(installation.directory)) {
    if (program !== 'initdb') await symlink(join(installation.directory, program), join(bin, program));
  }
  const initdb = join(bin, 'initdb');
  await writeFile(initdb, initdbScript(join(installation.directory, 'initdb'), clusters));
  await chmod(initdb, 0o755);
  return bin;
}

/** Whatever is not `-D`, a directory that is to be made, and options that can be a file's name, is the true initdb's. */
function initdbScript(initdb: string, clusters: string): string {
  return `#!/bin/sh
initdb=${shellWord(initdb)}
[ "$#" -gt 2 ] && [ "$1" = -D ] && [ ! -e "$2" ] || exec "$initdb" "$@"
data=$2
shift 2
case $* in */*) exec "$initdb" -D "$data" "$@" ;; esac
kept=${shellWord(clusters)}/$*
[ ! -d "$kept/data" ] || exec cp -Rp "$kept/data" "$data"
"$initdb" -D "$data" "$@" || exit
# Of several at once the first one's is kept.
if mkdir "$kept" 2>/dev/null; then cp -Rp "$data" "$kept/draft" && mv "$kept/draft" "$kept/data"; fi
`;
}
