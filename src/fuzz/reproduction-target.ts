import { escapeIdentifier, escapeLiteral } from 'pg';
import type { Case, FreshTarget } from '../case/case.ts';
import { targetDatabase } from '../restore/target.ts';
import { AS_INITIALIZED, DROPS } from '../restore/wipe.ts';

/** Makes the target of a case: a new database, or the source's, emptied or taken away. */
export function targetLines({
  target,
  restore,
  upgrade,
}: Pick<Case, 'target' | 'restore' | 'upgrade'>): string {
  if (target.kind === 'fresh') return freshLines(target);
  if (!restore.create) return WIPE;
  if (upgrade) return MADE_ELSEWHERE;
  return restore.clean ? DROPPED_BY_RESTORE : DROP;
}

function freshLines(target: FreshTarget): string {
  const { encoding, locale = {}, settings = {} } = targetDatabase(target);
  const options = Object.entries({
    ENCODING: encoding,
    LOCALE_PROVIDER: locale.provider,
    LOCALE: locale.locale,
    ICU_LOCALE: locale.icuLocale,
  }).flatMap(([name, value]) => (value === undefined ? [] : [` ${name} ${escapeLiteral(value)}`]));
  const changes = Object.entries(settings).map(
    ([name, value]) =>
      `ALTER DATABASE :"target" SET ${name.split('.').map(escapeIdentifier).join('.')} = ${escapeLiteral(value)};`,
  );
  const install = `sql "$target_at" --file="$here/schema.sql" || give_up 'the schema could not be installed into the target'`;
  return `# A new database to restore into.
sql "$target_server" <<'SQL' || give_up 'the target database could not be created'
CREATE DATABASE :"target" TEMPLATE template0${options.join('')};
SQL
target_made=yes
sql "$target_server" <<'SQL' || give_up 'the target database could not be prepared'
${['COMMENT ON DATABASE :"target" IS :\'comment\';', ...changes].join('\n')}
SQL${target.prepared ? `\n${install}` : ''}`;
}

const WIPE = `# The restore goes into the source database, emptied: every schema dropped and what belongs to none, and public as a new
# database has it.
target=$source
target_at=$source_at
sql "$target_at" <<'SQL' || give_up 'the database could not be emptied'
SET client_min_messages = warning;
BEGIN;
${DROPS} \\gexec
SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' \\gexec
CREATE SCHEMA public;
COMMENT ON SCHEMA public IS 'standard public schema';
SELECT current_setting('server_version_num')::int >= 150000 AS since_15, rolsuper AS superuser
  FROM pg_roles WHERE rolname = current_user \\gset
\\if :since_15
GRANT USAGE ON SCHEMA public TO PUBLIC;
ALTER SCHEMA public OWNER TO pg_database_owner;
\\else
GRANT ALL ON SCHEMA public TO PUBLIC;
\\if :superuser
${AS_INITIALIZED};
\\endif
\\endif
COMMIT;
SQL`;

const OID = `oid_of_source() {
    sql "$target_server" <<'SQL'
SELECT oid FROM pg_database WHERE datname = :'source';
SQL
}
dumped=$(oid_of_source)
target=$source
target_at=$(in_server "$target_server" "$source")`;

const DROP = `# The restore makes the source database anew, which is dropped here.
${OID}
sql "$source_server" <<'SQL' || give_up 'the database could not be dropped'
DROP DATABASE :"source" WITH (FORCE);
SQL`;

const MADE_ELSEWHERE = `# The restore itself makes a database of the same name on the other server.
${OID}
target_made=yes`;

const DROPPED_BY_RESTORE = `# The restore itself drops the source database and makes it anew.
${OID}`;

/** After a restore that makes the database anew. */
export const PROOF_OF_CREATION = `made=$(oid_of_source)
if [ -z "$made" ] || [ "$made" = "$dumped" ]; then
    give_up 'the restore exited 0 and did not make the database anew'
fi`;
