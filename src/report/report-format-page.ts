import { z } from 'zod';
import { REPORT_FORMAT, reportSchema } from './report.ts';

/** What is needed of a JSON schema here. */
interface Schema {
  readonly type?: string | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly items?: Schema | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly description?: string | undefined;
}

/** `docs/report-format.md`, out of the schema that the program writes and reads by. */
export function renderReportFormat(): string {
  const schema = z.toJSONSchema(reportSchema) as Schema;
  return `# report.json

\`fuzz\`, \`matrix\`, \`smoke\`, \`drill\`, \`selftest\` and \`merge\` write what a run showed where \`--report DIR\` is
given: \`report.json\` for programs (this page), \`junit.xml\` for viewers of test results, and \`index.html\` for people.

The format is \`${REPORT_FORMAT}\`. Within v1 keys may be added; none is renamed, and none changes its meaning.
Times are in milliseconds, keys with a question mark may be absent. The whole of a run is in \`cases\`; \`coverage\`
counts them.

| key | type | meaning |
|---|---|---|
${rowsOf(schema, '').join('\n')}
`;
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const inner = value.type === 'array' ? value.items : value;
    const mark = required.includes(key) ? '' : '?';
    const row = `| \`${path}${mark}\` | ${typeOf(value)} | ${value.description ?? ''} |`;
    return [row, ...rowsOf(inner ?? {}, `${path}${value.type === 'array' ? '[]' : ''}.`)];
  });
}

function typeOf(schema: Schema): string {
  const { type = '', anyOf, items } = schema;
  if (schema.const !== undefined) return `\`${plain(schema.const)}\``;
  if (schema.enum) return schema.enum.map((word) => `\`${plain(word)}\``).join(', ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  return items && !items.properties ? `array of ${typeOf(items)}` : type;
}

function plain(word: unknown): string {
  return typeof word === 'string' ? word : JSON.stringify(word);
}
