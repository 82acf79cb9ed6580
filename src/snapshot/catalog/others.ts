import {
  grants,
  listed,
  listedSecretly,
  made,
  notOfExtension,
  properties,
  role,
  select,
  type Sql,
} from './fragments.ts';

interface OtherCatalog {
  readonly name: string;
  readonly definition: Sql;
  readonly owner?: Sql;
  readonly grants?: Sql;
}

/** Catalogs of rarer objects (`x`), with what can be said about one in a few lines. */
export const OTHER_CATALOGS: readonly OtherCatalog[] = [
  {
    name: 'pg_language',
    definition: properties({
      trusted: 'x.lanpltrusted',
      handler: 'nullif(x.lanplcallfoid, 0)::regprocedure',
    }),
    owner: 'x.lanowner',
    grants: grants('l', 'x.lanacl', 'x.lanowner'),
  },
  {
    name: 'pg_foreign_data_wrapper',
    definition: properties({
      handler: 'nullif(x.fdwhandler, 0)::regprocedure',
      options: listed('x.fdwoptions'),
    }),
    owner: 'x.fdwowner',
    grants: grants('F', 'x.fdwacl', 'x.fdwowner'),
  },
  {
    name: 'pg_foreign_server',
    definition: properties({ type: 'x.srvtype', version: 'x.srvversion', options: listed('x.srvoptions') }),
    owner: 'x.srvowner',
    grants: grants('S', 'x.srvacl', 'x.srvowner'),
  },
  {
    name: 'pg_ts_config',
    definition: `(SELECT string_agg(concat(m.maptokentype, ' ', m.mapseqno, ' ', m.mapdict::regdictionary), E'\\n'
      ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map AS m WHERE m.mapcfg = x.oid)`,
    owner: 'x.cfgowner',
  },
  { name: 'pg_ts_dict', definition: 'x.dictinitoption', owner: 'x.dictowner' },
  { name: 'pg_ts_parser', definition: 'x.prsstart::oid::regprocedure' },
  { name: 'pg_ts_template', definition: 'x.tmpllexize::oid::regprocedure' },
  { name: 'pg_conversion', definition: 'x.conproc::oid::regprocedure', owner: 'x.conowner' },
  { name: 'pg_transform', definition: 'x.trffromsql::oid::regprocedure' },
  { name: 'pg_am', definition: 'x.amhandler::oid::regprocedure' },
];

/** The objects of one of these catalogs. */
export function others({ name, ...parts }: OtherCatalog): Sql {
  return select({
    ...parts,
    kind: 'other',
    identity: `named.type || ' ' || named.identity`,
    from: `${name} AS x, pg_identify_object(x.tableoid, x.oid, 0) AS named
      WHERE ${made('x.oid')} AND ${notOfExtension(name, 'x.oid')}`,
  });
}

/** By the view: pg_user_mapping itself is for superusers only (manual: pg_user_mappings). */
export const USER_MAPPINGS = select({
  kind: 'other',
  identity: `concat('user mapping for ', ${role('x.umuser')}, ' on server ', quote_ident(x.srvname))`,
  definition: properties({ options: listedSecretly('x.umoptions') }),
  from: 'pg_user_mappings AS x',
});
