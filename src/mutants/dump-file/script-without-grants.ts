import { READERS } from '../given.ts';
import type { Mutant } from '../mutant.ts';

export const scriptWithoutGrants: Mutant = {
  id: 'script-without-grants',
  what: 'The script of the dump is without its GRANTs and REVOKEs.',
  strikes: 'dump file',
  given: [READERS],
  needs: { plan: ({ dump }) => dump.format === 'plain', kept: ['grant'] },
  fault: { at: 'script', edit: (script) => script.replaceAll(/^(?:GRANT|REVOKE) .*;\n/gm, '') },
};
