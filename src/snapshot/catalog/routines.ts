import {
  grants,
  made,
  notInternal,
  notOfExtension,
  properties,
  select,
  spelled,
  type Sql,
  users,
} from './fragments.ts';

const USERS_ROUTINE = `${users('pg_proc', 'p.oid', 'p.pronamespace')} AND ${notInternal('pg_proc', 'p.oid')}`;

export const FUNCTIONS = select({
  kind: 'function',
  identity: 'p.oid::regprocedure',
  definition: 'pg_get_functiondef(p.oid)',
  owner: 'p.proowner',
  grants: grants('f', 'p.proacl', 'p.proowner'),
  from: `pg_proc AS p WHERE p.prokind <> 'a' AND ${USERS_ROUTINE}`,
});

const some = (procedure: Sql): Sql => `nullif(${procedure}, 0)::regprocedure`;
const MODIFIES = { r: 'read only', s: 'shareable', w: 'read write' };

/** Aggregates by their parts: pg_get_functiondef refuses them (ruleutils.c). */
export const AGGREGATES = select({
  kind: 'aggregate',
  identity: 'p.oid::regprocedure',
  definition: properties({
    arguments: 'pg_get_function_arguments(p.oid)',
    result: 'pg_get_function_result(p.oid)',
    kind: spelled('a.aggkind', { n: 'normal', o: 'ordered-set', h: 'hypothetical-set' }),
    'direct arguments': 'a.aggnumdirectargs',
    transition: some('a.aggtransfn'),
    final: some('a.aggfinalfn'),
    'final extra': 'a.aggfinalextra',
    'final modifies': spelled('a.aggfinalmodify', MODIFIES),
    combine: some('a.aggcombinefn'),
    serialize: some('a.aggserialfn'),
    deserialize: some('a.aggdeserialfn'),
    'moving transition': some('a.aggmtransfn'),
    'moving inverse': some('a.aggminvtransfn'),
    'moving final': some('a.aggmfinalfn'),
    'moving final extra': 'a.aggmfinalextra',
    'moving final modifies': spelled('a.aggmfinalmodify', MODIFIES),
    'sort operator': 'nullif(a.aggsortop, 0)::regoperator',
    state: 'format_type(a.aggtranstype, NULL)',
    'state size': 'a.aggtransspace',
    'moving state': 'nullif(a.aggmtranstype, 0)::regtype',
    'moving state size': 'a.aggmtransspace',
    'initial value': 'quote_literal(a.agginitval)',
    'moving initial value': 'quote_literal(a.aggminitval)',
    parallel: spelled('p.proparallel', { s: 'safe', r: 'restricted', u: 'unsafe' }),
  }),
  owner: 'p.proowner',
  grants: grants('f', 'p.proacl', 'p.proowner'),
  from: `pg_proc AS p JOIN pg_aggregate AS a ON a.aggfnoid = p.oid WHERE ${USERS_ROUTINE}`,
});

export const OPERATORS = select({
  kind: 'operator',
  identity: 'o.oid::regoperator',
  definition: properties({
    result: 'nullif(o.oprresult, 0)::regtype',
    function: some('o.oprcode'),
    commutator: 'nullif(o.oprcom, 0)::regoperator',
    negator: 'nullif(o.oprnegate, 0)::regoperator',
    restrict: some('o.oprrest'),
    join: some('o.oprjoin'),
    merges: 'o.oprcanmerge',
    hashes: 'o.oprcanhash',
  }),
  owner: 'o.oprowner',
  from: `pg_operator AS o WHERE ${users('pg_operator', 'o.oid', 'o.oprnamespace')}`,
});

export const OPERATOR_CLASSES = select({
  kind: 'operator-class',
  identity: `format('%I.%I using %I', n.nspname, o.opcname, m.amname)`,
  definition: properties({
    type: 'o.opcintype::regtype',
    stored: 'nullif(o.opckeytype, 0)::regtype',
    default: 'o.opcdefault',
    family: `SELECT format('%I.%I', fn.nspname, f.opfname)
      FROM pg_opfamily AS f JOIN pg_namespace AS fn ON fn.oid = f.opfnamespace WHERE f.oid = o.opcfamily`,
  }),
  owner: 'o.opcowner',
  from: `pg_opclass AS o JOIN pg_namespace AS n ON n.oid = o.opcnamespace JOIN pg_am AS m ON m.oid = o.opcmethod
    WHERE ${users('pg_opclass', 'o.oid', 'o.opcnamespace')}`,
});

export const OPERATOR_FAMILIES = select({
  kind: 'operator-family',
  identity: `format('%I.%I using %I', n.nspname, f.opfname, m.amname)`,
  definition: properties({
    operators: `SELECT string_agg(concat(a.amopstrategy, ' ', a.amopopr::regoperator,
        (SELECT ' for order by ' || s.opfname FROM pg_opfamily AS s WHERE s.oid = a.amopsortfamily)), ', '
      ORDER BY a.amopstrategy, a.amopopr::regoperator::text COLLATE "C")
      FROM pg_amop AS a WHERE a.amopfamily = f.oid`,
    functions: `SELECT string_agg(format('%s (%s, %s) %s', a.amprocnum, a.amproclefttype::regtype,
        a.amprocrighttype::regtype, a.amproc::oid::regprocedure), ', '
      ORDER BY a.amprocnum, a.amproc::oid::regprocedure::text COLLATE "C",
        a.amproclefttype::regtype::text COLLATE "C", a.amprocrighttype::regtype::text COLLATE "C")
      FROM pg_amproc AS a WHERE a.amprocfamily = f.oid`,
  }),
  owner: 'f.opfowner',
  from: `pg_opfamily AS f JOIN pg_namespace AS n ON n.oid = f.opfnamespace JOIN pg_am AS m ON m.oid = f.opfmethod
    WHERE ${users('pg_opfamily', 'f.oid', 'f.opfnamespace')}`,
});

export const CASTS = select({
  kind: 'cast',
  identity: `format('(%s as %s)', format_type(x.castsource, NULL), format_type(x.casttarget, NULL))`,
  definition: properties({
    function: some('x.castfunc'),
    context: spelled('x.castcontext', { e: 'explicit', a: 'assignment', i: 'implicit' }),
    method: spelled('x.castmethod', { f: 'function', i: 'inout', b: 'binary' }),
  }),
  from: `pg_cast AS x WHERE ${made('x.oid')} AND ${notOfExtension('pg_cast', 'x.oid')}
    AND ${notInternal('pg_cast', 'x.oid')}`,
});
