import { connect, type ConnectionSettings } from './postgres/connection.ts';
import { BUILT_IN_SUBJECTS } from './subject/built-in.ts';
import type { Subject } from './subject/subject.ts';

/** The database of the shared server that has a built-in subject and no events; nobody connects to it any more. */
export function subjectTemplate({ name }: Pick<Subject, 'name'>): string {
  return `subject_${name.replaceAll('-', '_')}`;
}

/** Makes them, once for a test run: a copy costs a fifth of an installation. */
export async function makeSubjectTemplates(maintenance: ConnectionSettings): Promise<void> {
  await using connection = await connect(maintenance);
  for (const subject of BUILT_IN_SUBJECTS) {
    const database = subjectTemplate(subject);
    await connection.query(`CREATE DATABASE ${database}`);
    await using inside = await connect({ ...maintenance, database });
    await subject.install(inside);
  }
}
