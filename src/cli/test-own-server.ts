import { connect } from '../postgres/connection.ts';
import { testCluster, type TestCluster } from '../postgres/test-cluster.ts';

/** A server that a test may kill, stop or look over: nobody else is on it. */
export interface OwnServer extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly url: string;
  /** What runs of the program have there, or left behind. */
  ourDatabases(): Promise<string[]>;
}

export async function ownServer(): Promise<OwnServer> {
  const cluster = await testCluster(['host all all 127.0.0.1/32 trust']);
  await cluster.start();
  return {
    cluster,
    url: `postgres://postgres@127.0.0.1:${cluster.port}/postgres`,
    ourDatabases: async () => {
      await using connection = await connect(cluster.settings);
      const { rows } = await connection.query<{ datname: string }>(
        `SELECT datname FROM pg_database WHERE datname LIKE 'restoreproof%'`,
      );
      return rows.map(({ datname }) => datname);
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
