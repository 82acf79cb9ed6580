import { connect, createServer } from 'node:net';
import { expect, inject, test } from 'vitest';
import { testTools } from '../testing.ts';
import { requireAnnouncedVersion } from './one-version.ts';
import { parseVersion } from './version.ts';

const NAME = 'server_version\0';

/** What announces another version of the shared server, of as many bytes. */
async function proxy(announced: string): Promise<{ port: number } & AsyncDisposable> {
  const { host, port } = inject('server').settings;
  const server = createServer((client) => {
    const upstream = connect({ path: `${host}/.s.PGSQL.${port}` });
    client.on('error', () => upstream.destroy()).pipe(upstream);
    upstream
      .on('error', () => client.destroy())
      .on('data', (bytes: Buffer) => {
        const name = bytes.indexOf(NAME);
        if (name >= 0) {
          const at = name + NAME.length;
          bytes.fill(' ', at, bytes.indexOf(0, at)).write(announced, at);
        }
        client.write(bytes);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { port: address.port, [Symbol.asyncDispose]: close };
}

async function announcing(announced: string): Promise<void> {
  const { version, settings } = inject('server');
  await using at = await proxy(announced);
  const serverVersion = parseVersion(version);
  if (!serverVersion) throw new Error('no version');
  await requireAnnouncedVersion({
    tools: testTools(),
    serverVersion,
    maintenanceDatabase: 'postgres',
    connectionTo: (database) => ({ ...settings, host: '127.0.0.1', port: at.port, database }),
  });
}

test('a server that announces another version than it is of is no verdict', async () => {
  const { version } = inject('server');
  await expect(announcing(version)).resolves.toBeUndefined();
  for (const nonsense of ['banana', '99.99'])
    await expect(announcing(nonsense)).rejects.toMatchObject({
      exitCode: 3,
      why: expect.stringContaining(`it says "${nonsense}`) as string,
    });
});
