import { isNode, LineCounter, parseDocument, type Document } from 'yaml';

/** A line and a column, both from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

/** What a schema has against a value: where it is, and the keys that are not known there. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
  readonly keys?: readonly string[];
}

/** A document in YAML, and so in JSON, which knows where in the text its values stand. */
export class YamlDocument {
  private readonly lines = new LineCounter();
  private readonly document: Document;

  constructor(text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
  }

  /** What keeps it from being read; undefined where it is well-formed. */
  get fault(): { readonly place: Place; readonly why: string } | undefined {
    const [error] = this.document.errors;
    return error && { place: this.lines.linePos(error.pos[0]), why: error.message };
  }

  toJS(): unknown {
    return this.document.toJS();
  }

  /** Where the value stands that an issue is about, or else what it belongs to. */
  placeOf(issue: Issue | undefined): Place {
    const path = [...(issue?.path ?? [])];
    // A key that is not known stands there itself.
    if (issue?.code === 'unrecognized_keys') path.push(issue.keys?.[0] ?? '');
    for (; path.length > 0; path.pop()) {
      const place = this.placeAt(path);
      if (place !== undefined) return place;
    }
    return this.lines.linePos(0);
  }

  /** Undefined where there is no such value. */
  placeAt(path: readonly PropertyKey[]): Place | undefined {
    const node: unknown = this.document.getIn(path, true);
    const offset = isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? undefined : this.lines.linePos(offset);
  }
}
