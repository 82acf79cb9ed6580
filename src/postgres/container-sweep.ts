import type { ContainerRuntimeClient } from 'testcontainers';
import { KEPT_NAME, OWNER_LABEL, remove } from './container.ts';
import { isAlive, readIdentity } from './process-identity.ts';

/**
 * Removes the containers whose process is dead. Those of living processes and of other process namespaces are left
 * alone. What cannot be removed now is left for the next sweep; nothing is thrown.
 *
 * @returns the ids of what was removed
 */
export async function sweepContainers({ container }: ContainerRuntimeClient): Promise<string[]> {
  const filters = { label: [OWNER_LABEL] };
  const found = await container.dockerode.listContainers({ all: true, filters }).catch(() => []);
  const removed: string[] = [];
  for (const { Id: id, Labels: labels, Names: names } of found) {
    const owner = readIdentity(labels[OWNER_LABEL] ?? '');
    if (!owner || names.some((name) => name.includes(KEPT_NAME)) || (await isAlive(owner))) continue;
    await remove(container.getById(id)).then(
      () => removed.push(id),
      () => undefined,
    );
  }
  return removed;
}
