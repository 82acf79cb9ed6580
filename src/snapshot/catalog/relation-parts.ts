import {
  inUserSchema,
  made,
  notOfExtension,
  OF_USERS_RELATION,
  properties,
  role,
  select,
  spelled,
  TRIGGER_STATES,
  users,
} from './fragments.ts';

/** True for NOT NULL constraints that every server has only as pg_attribute.attnotnull up to 17 (domains: 16). */
const PLAIN_NOT_NULL = `(x.contype = 'n' AND x.convalidated AND NOT x.connoinherit)`;

/**
 * Foreign keys are enforced by internal triggers, which a broken restore with --disable-triggers leaves disabled;
 * nothing in pg_get_constraintdef tells it.
 */
export const TABLE_CONSTRAINTS = select({
  kind: 'constraint',
  identity: `quote_ident(x.conname) || ' on ' || c.oid::regclass`,
  definition: `concat(pg_get_constraintdef(x.oid), CASE x.contype WHEN 'f' THEN E'\\ntriggers: ' ||
    (SELECT string_agg(DISTINCT ${spelled('t.tgenabled', TRIGGER_STATES)} COLLATE "C", ', ')
      FROM pg_trigger AS t WHERE t.tgconstraint = x.oid) END)`,
  from: `pg_class AS c JOIN pg_constraint AS x ON x.conrelid = c.oid
    WHERE x.contype <> 't' AND NOT ${PLAIN_NOT_NULL} AND ${OF_USERS_RELATION}`,
});

export const DOMAIN_CONSTRAINTS = select({
  kind: 'constraint',
  identity: `quote_ident(x.conname) || ' on domain ' || x.contypid::regtype`,
  definition: 'pg_get_constraintdef(x.oid)',
  from: `pg_constraint AS x WHERE ${made('x.contypid')} AND NOT ${PLAIN_NOT_NULL}
    AND ${inUserSchema('x.connamespace')} AND ${notOfExtension('pg_type', 'x.contypid')}`,
});

export const INDEXES = select({
  kind: 'index',
  identity: 'i.indexrelid::regclass',
  definition: properties({
    definition: 'pg_get_indexdef(i.indexrelid)',
    valid: 'i.indisvalid',
    clustered: 'i.indisclustered',
    'replica identity': 'i.indisreplident',
    tablespace: `SELECT quote_ident(s.spcname) FROM pg_class AS r JOIN pg_tablespace AS s ON s.oid = r.reltablespace
      WHERE r.oid = i.indexrelid`,
    parent: `SELECT h.inhparent::regclass FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid`,
    'statistics targets': `SELECT string_agg(a.attnum || '=' || a.attstattarget, ', ' ORDER BY a.attnum)
      FROM pg_attribute AS a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0`,
  }),
  from: `pg_class AS c JOIN pg_index AS i ON i.indrelid = c.oid WHERE ${OF_USERS_RELATION}`,
});

/** A partition's copy of its parent's trigger is internal up to 14 and not from 15 (tgparentid tells it). */
export const TRIGGERS = select({
  kind: 'trigger',
  identity: `quote_ident(t.tgname) || ' on ' || c.oid::regclass`,
  definition: properties({
    state: spelled('t.tgenabled', TRIGGER_STATES),
    definition: 'pg_get_triggerdef(t.oid)',
  }),
  from: `pg_class AS c JOIN pg_trigger AS t ON t.tgrelid = c.oid
    WHERE (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0)) AND ${OF_USERS_RELATION}`,
});

export const POLICIES = select({
  kind: 'policy',
  identity: `quote_ident(p.polname) || ' on ' || c.oid::regclass`,
  definition: properties({
    command: spelled('p.polcmd', { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', '*': 'ALL' }),
    permissive: 'p.polpermissive',
    roles: `SELECT string_agg(${role('r')}, ', ' ORDER BY ${role('r')} COLLATE "C") FROM unnest(p.polroles) AS r`,
    using: 'pg_get_expr(p.polqual, p.polrelid)',
    'with check': 'pg_get_expr(p.polwithcheck, p.polrelid)',
  }),
  from: `pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid WHERE ${OF_USERS_RELATION}`,
});

/** Rules but those that make a view a view. */
export const RULES = select({
  kind: 'rule',
  identity: `quote_ident(r.rulename) || ' on ' || c.oid::regclass`,
  definition: properties({
    state: spelled('r.ev_enabled', TRIGGER_STATES),
    definition: 'pg_get_ruledef(r.oid)',
  }),
  from: `pg_class AS c JOIN pg_rewrite AS r ON r.ev_class = c.oid WHERE r.rulename <> '_RETURN' AND ${OF_USERS_RELATION}`,
});

/** Extended statistics; their target is -1 up to 16 and null from 17 where it is the default. */
export const STATISTICS = select({
  kind: 'statistics',
  identity: `format('%I.%I', n.nspname, s.stxname)`,
  definition: properties({
    target: 'nullif(s.stxstattarget, -1)',
    definition: 'pg_get_statisticsobjdef(s.oid)',
  }),
  owner: 's.stxowner',
  from: `pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
    WHERE ${users('pg_statistic_ext', 's.oid', 's.stxnamespace')}`,
});
