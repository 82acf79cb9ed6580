import { someEvent } from '../events-that.ts';
import type { Mutant } from '../mutant.ts';
import { pastTriggers } from '../past-triggers.ts';

export const categoryFilled: Mutant = {
  id: 'category-filled',
  what: 'A category that was NULL is the column’s default.',
  strikes: 'rows',
  needs: { events: someEvent(({ event_category: category }) => category === null) },
  fault: {
    at: 'restored',
    sql: pastTriggers(`UPDATE audit_events SET event_category = DEFAULT WHERE event_category IS NULL`),
  },
};
