import { execaSync } from 'execa';

/**
 * The command that runs another one, whose words follow, where directories of this machine are empty: a mount namespace
 * of its own. Undefined where that is forbidden, as it is to all but root as a rule.
 *
 * @param directories absolute paths of directories that exist
 */
export function hiding(directories: readonly string[]): readonly string[] | undefined {
  const script = 'while [ "$1" != -- ]; do mount -t tmpfs none "$1" || exit; shift; done; shift; exec "$@"';
  const [unshare, ...words] = ['unshare', '--mount', 'sh', '-c', script, 'sh', ...directories, '--'] as const;
  const { exitCode } = execaSync(unshare, [...words, 'true'], { reject: false });
  return exitCode === 0 ? [unshare, ...words] : undefined;
}
