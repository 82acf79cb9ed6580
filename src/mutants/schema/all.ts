import type { Mutant } from '../mutant.ts';
import { chainTriggerDisabled } from './chain-trigger-disabled.ts';
import { chainTriggerMissing } from './chain-trigger-missing.ts';
import { chainTriggerReplicaOnly } from './chain-trigger-replica-only.ts';
import { checkLost } from './check-lost.ts';
import { checkNotValidated } from './check-not-validated.ts';
import { checkWidened } from './check-widened.ts';
import { columnGrantLost } from './column-grant-lost.ts';
import { columnLimitChanged } from './column-limit-changed.ts';
import { columnWidened } from './column-widened.ts';
import { commentLost } from './comment-lost.ts';
import { databaseSearchPathLost } from './database-search-path-lost.ts';
import { databaseSearchPathReordered } from './database-search-path-reordered.ts';
import { defaultChanged } from './default-changed.ts';
import { defaultLost } from './default-lost.ts';
import { defaultPrivilegesLost } from './default-privileges-lost.ts';
import { extensionFunctionOpenAgain } from './extension-function-open-again.ts';
import { extensionInAnotherSchema } from './extension-in-another-schema.ts';
import { extensionMissing } from './extension-missing.ts';
import { extensionMovedAndFound } from './extension-moved-and-found.ts';
import { extensionOlder } from './extension-older.ts';
import { foreignKeyLost } from './foreign-key-lost.ts';
import { foreignKeyUnenforced } from './foreign-key-unenforced.ts';
import { functionForItsDefiner } from './function-for-its-definer.ts';
import { functionOwnerChanged } from './function-owner-changed.ts';
import { functionSearchPathLost } from './function-search-path-lost.ts';
import { functionVolatile } from './function-volatile.ts';
import { grantAdded } from './grant-added.ts';
import { grantLost } from './grant-lost.ts';
import { headCheckLost } from './head-check-lost.ts';
import { headKeyLost } from './head-key-lost.ts';
import { identityByDefault } from './identity-by-default.ts';
import { identityRewound } from './identity-rewound.ts';
import { indexInvalid } from './index-invalid.ts';
import { indexLost } from './index-lost.ts';
import { indexOnAnotherColumn } from './index-on-another-column.ts';
import { largeObjectLost } from './large-object-lost.ts';
import { notNullLost } from './not-null-lost.ts';
import { policyWidened } from './policy-widened.ts';
import { primaryKeyLost } from './primary-key-lost.ts';
import { revokedIsOpenAgain } from './revoked-is-open-again.ts';
import { roleSearchPathLost } from './role-search-path-lost.ts';
import { rowSecurityLost } from './row-security-lost.ts';
import { schemaOwnerChanged } from './schema-owner-changed.ts';
import { sequenceNotCalled } from './sequence-not-called.ts';
import { sequenceRewound } from './sequence-rewound.ts';
import { sequenceSteppingByTwo } from './sequence-stepping-by-two.ts';
import { serialUnowned } from './serial-unowned.ts';
import { tableOwnerChanged } from './table-owner-changed.ts';
import { tableUnlogged } from './table-unlogged.ts';
import { triggerNotAlways } from './trigger-not-always.ts';
import { triggersOutOfOrder } from './triggers-out-of-order.ts';
import { uniqueLost } from './unique-lost.ts';
import { wormTriggerDisabled } from './worm-trigger-disabled.ts';
import { wormTriggerForUpdatesOnly } from './worm-trigger-for-updates-only.ts';
import { wormTriggerMissing } from './worm-trigger-missing.ts';
import { wormTriggerReplicaOnly } from './worm-trigger-replica-only.ts';

export const SCHEMA: readonly Mutant[] = [
  wormTriggerMissing,
  wormTriggerDisabled,
  wormTriggerReplicaOnly,
  wormTriggerForUpdatesOnly,
  chainTriggerMissing,
  chainTriggerDisabled,
  chainTriggerReplicaOnly,
  triggersOutOfOrder,
  triggerNotAlways,
  foreignKeyUnenforced,
  primaryKeyLost,
  headKeyLost,
  checkLost,
  checkWidened,
  checkNotValidated,
  headCheckLost,
  uniqueLost,
  foreignKeyLost,
  defaultLost,
  defaultChanged,
  notNullLost,
  columnWidened,
  columnLimitChanged,
  indexLost,
  indexOnAnotherColumn,
  indexInvalid,
  tableUnlogged,
  commentLost,
  rowSecurityLost,
  policyWidened,
  grantLost,
  grantAdded,
  columnGrantLost,
  revokedIsOpenAgain,
  defaultPrivilegesLost,
  extensionFunctionOpenAgain,
  tableOwnerChanged,
  functionOwnerChanged,
  schemaOwnerChanged,
  extensionInAnotherSchema,
  extensionMovedAndFound,
  extensionOlder,
  extensionMissing,
  databaseSearchPathLost,
  databaseSearchPathReordered,
  roleSearchPathLost,
  functionSearchPathLost,
  sequenceRewound,
  sequenceNotCalled,
  sequenceSteppingByTwo,
  identityRewound,
  identityByDefault,
  serialUnowned,
  largeObjectLost,
  functionVolatile,
  functionForItsDefiner,
];
