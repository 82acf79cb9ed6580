import { expect, test } from 'vitest';
import { drawArguments, engineArguments, extentArguments } from './repeat-command.ts';

const ENGINE = { engine: 'auto', download: true, say: () => undefined } as const;
const DRAW = { seed: 7, explore: false, property: [] };

test('what is usual is not repeated', () => {
  expect(engineArguments(ENGINE)).toEqual([]);
  expect(drawArguments({ ...DRAW, maxRows: 60 })).toEqual(['--seed 7']);
  expect(extentArguments({ cases: 300, corpus: true })).toEqual(['--cases 300']);
});

test('all that decides on cases and server is repeated, as a shell takes it', () => {
  const draw = { ...DRAW, maxRows: 3000, property: ['formats-agree'], fault: "it's a fault.sql" };
  expect(drawArguments(draw)).toEqual([
    '--seed 7',
    '--max-rows 3000',
    '--property formats-agree',
    String.raw`--fault 'it'\''s a fault.sql'`,
  ]);
  expect(engineArguments({ ...ENGINE, engine: 'local', pgMajor: 15, pgBin: '/opt/my pg/bin' })).toEqual([
    '--engine local',
    '--pg 15',
    `--pg-bin '/opt/my pg/bin'`,
  ]);
  expect(extentArguments({ cases: 1, minutes: 30, corpus: false })).toEqual(['--minutes 30', '--no-corpus']);
  expect(extentArguments({ cases: 1, case: 12, corpus: true })).toEqual(['--case 12']);
  const shard = { number: 3, of: 8 };
  expect(extentArguments({ cases: 9, corpus: true, shard })).toEqual(['--cases 9', '--shard 3/8']);
});

test('a password is not repeated', () => {
  const url = 'postgres://me:secret@db.example:5432/postgres?sslmode=require';
  expect(engineArguments({ ...ENGINE, engine: 'server', url })).toEqual([
    '--engine server',
    `--url 'postgres://me:***@db.example:5432/postgres?sslmode=require'`,
  ]);
});
