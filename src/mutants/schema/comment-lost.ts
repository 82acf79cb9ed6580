import { COMMENTED } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const commentLost: Mutant = {
  id: 'comment-lost',
  what: 'A comment is missing.',
  strikes: 'schema',
  given: [COMMENTED],
  needs: { kept: ['comment'] },
  fault: { at: 'restored', sql: `COMMENT ON TABLE audit_events IS NULL` },
};
