import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { argumentsOf, objection } from './test-command-lines.ts';

describe('the manifest of docs/scale.md', () => {
  const page = readFileSync(join(packageRoot, 'docs/scale.md'), 'utf8');
  const [, manifest = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const job = parse(manifest) as {
    spec: {
      completionMode: string;
      completions: number;
      parallelism: number;
      maxFailedIndexes: number;
      template: { spec: { restartPolicy: string; containers: { args: string[] }[] } };
    };
  };

  test('is an Indexed Job of as many pods as there are shards, each of which may be red', () => {
    const { completionMode, completions, parallelism, maxFailedIndexes, template } = job.spec;
    expect([completionMode, completions, parallelism, maxFailedIndexes]).toEqual(['Indexed', 8, 8, 8]);
    const [script = ''] = template.spec.containers[0]?.args ?? [];
    const argv = argumentsOf(script.replace(/^exec /, '').trim()) ?? [];
    expect(argv).toContain(`auto/${completions}`);
    expect(objection(argv)).toBeUndefined();
  });
});
