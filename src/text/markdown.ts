import { visible } from './visible.ts';

/** One line of prose, without what Markdown or HTML would take for markup. */
export function markdownLine(text: string): string {
  return visible(text.replaceAll('\n', ' ')).replaceAll(/[\\`*_<>|[\]&]/g, String.raw`\$&`);
}
