import type { Case } from '../case/case.ts';
import type { World } from '../case/world.ts';
import { namesUnknownProvider } from '../text/sides.ts';
import { refusedHazard, type Hazard } from './hazard.ts';
import { gives } from './plan-words.ts';
import { knowsRestrict } from './unknown-options.ts';

/** Whose words the target's server gets to hear: of a plain dump pg_dump's, of an archive pg_restore's. */
function writer({ dump }: Case, { dumped, tools }: World): World['tools'] {
  return dump.format === 'plain' ? (dumped?.tools ?? tools) : tools;
}

const TAKE_THE_TARGETS =
  'Restore with the tools of the target’s own version, from a dump that those tools can read.';

/** Combinations of versions, in which a restore onto another server is refused. */
export const UPGRADE_HAZARDS: readonly Hazard[] = [
  refusedHazard('pre-data', {
    id: 'restrict-unknown-to-psql',
    title: 'A script of a newer pg_dump, run by a psql that does not know \\restrict',
    says: /invalid command \\restrict/,
    applies: ({ restore, dump }, _, { dumped, tools }) =>
      dumped !== undefined &&
      restore.tool === 'psql' &&
      dump.format === 'plain' &&
      knowsRestrict(dumped.tools) &&
      !knowsRestrict(tools),
    costsNothing: () => true,
    what: 'pg_dump writes `\\restrict` since 13.22, 14.19, 15.14, 16.10 and 17.6 (CVE-2025-8714). An older psql calls it an invalid command, which is an error under ON_ERROR_STOP.',
    advice: 'Bring psql to its newest minor release; take the custom format and pg_restore until then.',
  }),
  refusedHazard('pre-data', {
    id: 'timeout-unknown-to-server',
    title: 'Tools of 17 or newer restore into a server of 16 or older',
    says: /unrecognized configuration parameter "transaction_timeout"/,
    applies: (trial, _, world) => writer(trial, world).major >= 17 && world.server.major <= 16,
    costsNothing: () => true,
    what: 'What they restore begins with `SET transaction_timeout = 0`, a setting that came with 17: SQLSTATE 42704 on every older server, whatever is in the dump.',
    advice: `${TAKE_THE_TARGETS} A script goes through without ON_ERROR_STOP, or with that line taken out.`,
  }),
  refusedHazard('pre-data', {
    id: 'locale-provider-unknown-to-server',
    title: 'A dump by tools of 15 or newer makes its database on a server of 14 or older',
    // Tools of 17 say something before, which a psql that goes on goes past.
    says: /option "locale_provider" not recognized|unrecognized configuration parameter "transaction_timeout"/,
    applies: ({ restore }, _, world) => restore.create === true && namesUnknownProvider(world),
    stopsPsql: true,
    what: 'pg_dump of 15 or newer writes `CREATE DATABASE … LOCALE_PROVIDER = libc`, also of a server that is older and has no providers, and such a server does not take it back (SQLSTATE 42601). psql without ON_ERROR_STOP gets no further: it cannot enter the database that was not made, and exits non-zero.',
    advice:
      'Dump with the tools of the server’s own version; or make the database by hand, and restore without `--create`.',
  }),
  refusedHazard('pre-data', {
    id: 'column-version-unknown-to-server',
    title: 'A server of 17.12, dumped by the pg_dump of another major version',
    says: /unrecognized parameter "pg_attver"/,
    applies: (_, __, { dumped, columnVersions = false }) =>
      dumped?.columnVersions === true && !columnVersions && dumped.tools.major !== dumped.server.major,
    costsNothing: ({ restore }) => restore.tool !== 'pg_restore',
    what: '17.12, as Debian ships it, keeps a version of the row type as an option `pg_attver` of each column. Its own pg_dump leaves it out; that of 18.6 writes `ALTER COLUMN … SET (pg_attver=…)`, which 18.6 refuses. Seen between these two, on any table.',
    advice:
      'Dump with the pg_dump of 17.12 itself and restore with the tools of 18, which is refused nowhere.',
  }),
  refusedHazard('data', {
    id: 'statistics-unknown-to-server',
    title: 'A dump with --statistics, restored into a server of 17 or older',
    says: /function pg_catalog\.pg_restore_\w+_stats\(.* does not exist/,
    applies: ({ dump, restore }, _, { dumped, server }) =>
      dumped !== undefined &&
      gives(dump, '--statistics') &&
      !gives(restore, '--no-statistics') &&
      server.major < 18,
    costsNothing: () => true,
    what: 'Statistics are restored by functions that came with 18 (SQLSTATE 42883).',
    advice: 'Dump without `--statistics`, which is the default, and run ANALYZE after the restore.',
  }),
];
