import type { AuditEvent, Case, Statement, Transaction, Workload } from '../../case/case.ts';

/** The same plans over fewer rows, then over rows written in a plainer way. */
export function* simplerRows(trial: Case): Generator<Case> {
  const { workload } = trial;
  if (workload.writers !== undefined && workload.writers > 1)
    yield { ...trial, workload: { ...workload, writers: 1 } };
  const total = countEvents(workload);
  for (const kept of fewer(total)) yield { ...trial, workload: keepEvents(workload, kept) };
  for (const plainer of plainerWritings(workload)) yield { ...trial, workload: plainer };
}

/** Which rows to keep: none, one, halves, quarters, …, all but one. Positions count from 0. */
function* fewer(total: number): Generator<ReadonlySet<number>> {
  if (total === 0) return;
  yield new Set();
  if (total > 1) for (const only of [total - 1, 0, total >> 1]) yield new Set([only]);
  for (let size = total >> 1; size >= 1; size >>= 1) {
    for (let start = 0; start < total; start += size) {
      const all = new Set(Array.from({ length: total }, (_, position) => position));
      for (let position = start; position < Math.min(start + size, total); position++) all.delete(position);
      yield all;
    }
  }
}

function countEvents({ transactions }: Workload): number {
  return transactions
    .flatMap(({ statements }) => statements)
    .reduce((sum, { events }) => sum + events.length, 0);
}

/** Statements and transactions that are left without rows go, too. */
function keepEvents(workload: Workload, kept: ReadonlySet<number>): Workload {
  let position = 0;
  const keep = (events: readonly AuditEvent[]): AuditEvent[] => events.filter(() => kept.has(position++));
  const transactions = workload.transactions
    .map((transaction) => ({
      ...transaction,
      statements: transaction.statements
        .map((statement) => ({ ...statement, events: keep(statement.events) }))
        .filter(({ events }) => events.length > 0),
    }))
    .filter(({ statements }) => statements.length > 0);
  return { ...workload, transactions };
}

function* plainerWritings(workload: Workload): Generator<Workload> {
  const { transactions } = workload;
  const committed = transactions.map(committedOnly);
  yield { ...workload, transactions: committed };
  yield { ...workload, transactions: committed.map(oneByOne) };
  const statements = committed.flatMap((transaction) => transaction.statements);
  const events = statements.flatMap((statement) => statement.events);
  yield {
    ...workload,
    transactions: events.length === 0 ? [] : [{ statements: [{ insert: 'each', events }] }],
  };
  for (const [index, transaction] of transactions.entries()) {
    yield { ...workload, transactions: transactions.with(index, oneByOne(committedOnly(transaction))) };
  }
}

function committedOnly({ statements }: Transaction): Transaction {
  return { statements: statements.map(({ insert, events }) => ({ insert, events })) };
}

function oneByOne(transaction: Transaction): Transaction {
  const each = (statement: Statement): Statement => ({ ...statement, insert: 'each' });
  return { ...transaction, statements: transaction.statements.map(each) };
}
