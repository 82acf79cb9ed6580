import { visible } from '../../text/visible.ts';

/** A piece of HTML that is whole: every text in it is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | undefined | readonly Part[];

/** HTML out of a template. Values that are no markup are text: escaped, and with what nobody sees made visible. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(literals.reduce((text, literal, index) => text + asHtml(parts[index - 1]) + literal));
}

/** What a program wrote that is trusted: a stylesheet, a plot. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** Data for the page's script: nothing in it ends the element, and no character of it is invisible. */
export function jsonScript(id: string, value: unknown): Markup {
  const text = JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
  return new Markup(`<script type="application/json" id="${id}">${visible(text)}</script>`);
}

function asHtml(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(asHtml).join('');
  return visible(String(part)).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
