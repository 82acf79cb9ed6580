import type { World } from '../case/world.ts';
import { connect } from '../postgres/connection.ts';
import type { ClientTools } from '../postgres/client-tools.ts';
import type { Engine } from '../postgres/engine.ts';
import type { Subject } from '../subject/subject.ts';

/** Asks the server and its tools what they can do. */
export async function detectWorld(engine: Engine, { traits }: Subject): Promise<World> {
  await using connection = await connect(engine.connectionTo(engine.maintenanceDatabase));
  const { rows } = await connection.query<Facts>(FACTS);
  const [facts] = rows;
  if (!facts) throw new Error('the server said nothing about itself');
  return {
    subject: traits,
    server: engine.serverVersion,
    tools: engine.tools.version,
    compression: await compressionMethods(engine.tools),
    locales: facts.locales,
    icu: facts.icu,
    superuser: facts.superuser,
    columnVersions: facts.columnVersions,
  };
}

interface Facts {
  readonly locales: string[];
  readonly icu: boolean;
  readonly superuser: boolean;
  readonly columnVersions: boolean;
}

// A libc locale fits a UTF8 database where its collation is for every encoding (-1) or for UTF8 (6).
const FACTS = `
SELECT ARRAY(SELECT DISTINCT collcollate FROM pg_collation
    WHERE collprovider = 'c' AND collencoding IN (-1, 6) AND collcollate <> '' ORDER BY 1)::text[] AS locales,
  EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') AS icu,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
  EXISTS (SELECT FROM pg_attribute WHERE attoptions::text LIKE '%pg_attver=%') AS "columnVersions"`;

/**
 * The methods that this pg_dump was built with.
 * It checks them before it connects, so that no server is needed (src/bin/pg_dump/compress_io.c, supports_compression).
 */
async function compressionMethods(tools: ClientTools): Promise<string[]> {
  const asked = tools.version.major >= 16 ? ['gzip', 'lz4', 'zstd'] : ['gzip'];
  const found = await Promise.all(
    asked.map(async (method) => ((await supports(tools, method)) ? [method] : [])),
  );
  return found.flat();
}

async function supports(tools: ClientTools, method: string): Promise<boolean> {
  const level = tools.version.major >= 16 ? `${method}:1` : '1';
  const nowhere = { PGHOST: '/nonexistent', PGCONNECT_TIMEOUT: '2' };
  const run = await tools.run('pg_dump', [`--compress=${level}`, '--format=custom'], {
    environment: nowhere,
  });
  return !/not built with|not supported|not available|unrecognized/i.test(run.stderr);
}
