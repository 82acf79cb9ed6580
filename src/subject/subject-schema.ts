import { z } from 'zod';

const sql = z.string().trim().min(1);
const column = z.string().min(1);

/** What a subject file holds. Names are written as SQL has them, quoted where need be. */
export const subjectSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'letters, digits, dots, hyphens and underscores are wanted')
    .optional(),
  /**
   * SQL files, in the order in which they are installed; beside the subject file, unless they are absolute. Absent: it is
   * only read where it is.
   */
  install: z.array(z.string().min(1)).min(1).optional(),
  /** The events' table. */
  table: sql,
  /** The table of the head. */
  head_table: sql,
  /** The column that identifies an event. */
  key: column,
  /** The columns by which the verifier walks. */
  order: z.array(column).min(1),
  /** The column of the time of an event, where the verifier walks by it. */
  time: column.optional(),
  /** The column of an event's hash, and of the hash before it. */
  hash: column,
  previous_hash: column.optional(),
  /** Text columns that the hash covers. */
  covered: z.array(column).min(1),
  /** One INSERT of one event, with `{actor}`, `{details}`, … in the place of its values. */
  insert: sql.refine((text) => /\{id\}/.test(text), 'the value {id} is wanted, which makes events different'),
  /** A query for one value: the newest hash, as `hash` has it; an empty text before the first event. */
  head: sql,
  /** A query for one row: first_break_id, first_break_pos (-1 where it is clean), row_count. */
  verifier: sql,
});

export type SubjectDescription = z.infer<typeof subjectSchema>;
