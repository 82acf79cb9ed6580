/** Where one SQL statement stands in a file; offsets count UTF-16 code units. */
export interface Statement {
  /** Of its first token. */
  readonly start: number;
  /** Behind its last token, without the semicolon. */
  readonly end: number;
  /** Its first word in lower case, or nothing. */
  readonly firstWord: string;
  /** Where its first string constant begins, be it in quotes or in dollar quotes. */
  readonly firstString: number | undefined;
}

/**
 * Splits SQL at the semicolons that end statements: not those in strings, dollar quotes, quoted identifiers,
 * comments, parentheses (rules) or BEGIN ATOMIC bodies. Comments between statements belong to none; empty
 * statements are left out. What is not closed goes on to the end of the text, for the server to complain about.
 *
 * The rules are psql's (src/fe_utils/psqlscan.l), for standard_conforming_strings = on.
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let draft = new Draft();
  for (const token of tokens(sql)) {
    if (token.kind === 'end' && draft.isComplete()) {
      statements.push(...draft.finished());
      draft = new Draft();
    } else {
      draft.add(token, sql);
    }
  }
  return [...statements, ...draft.finished()];
}

interface Token {
  readonly kind: 'word' | 'string' | 'end' | 'other';
  readonly start: number;
  readonly end: number;
}

class Draft {
  private start: number | undefined;
  private end = 0;
  private firstString: number | undefined;
  private readonly words: string[] = [];
  private parentheses = 0;
  private bodies = 0;

  isComplete(): boolean {
    return this.parentheses === 0 && this.bodies === 0;
  }

  add(token: Token, sql: string): void {
    this.start ??= token.start;
    this.end = token.end;
    if (token.kind === 'string') this.firstString ??= token.start;
    else if (token.kind === 'word') this.addWord(sql.slice(token.start, token.end).toLowerCase());
    else if (sql[token.start] === '(') this.parentheses++;
    else if (sql[token.start] === ')') this.parentheses = Math.max(0, this.parentheses - 1);
  }

  finished(): Statement[] {
    const { start, end, firstString } = this;
    return start === undefined ? [] : [{ start, end, firstString, firstWord: this.words[0] ?? '' }];
  }

  private addWord(word: string): void {
    // No more words than CREATE OR REPLACE FUNCTION has decide what kind of statement it is.
    if (this.words.length < 4) this.words.push(word);
    if (this.parentheses > 0 || !ROUTINE.test(this.words.join(' '))) return;
    if (word === 'begin' || (word === 'case' && this.bodies > 0)) this.bodies++;
    else if (word === 'end' && this.bodies > 0) this.bodies--;
  }
}

const ROUTINE = /^create (or replace )?(function|procedure)\b/;

/** Spaces and line comments. */
const SKIPPED = /(?:[\s]+|--[^\n\r]*)/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

function* tokens(sql: string): Generator<Token> {
  let at = 0;
  while (at < sql.length) {
    const skipped = match(SKIPPED, sql, at);
    if (skipped) at += skipped.length;
    else if (sql.startsWith('/*', at)) {
      const end = endOfComment(sql, at);
      // Taken for nothing, a comment that nobody closes would hide the rest of the file.
      if (end === undefined) yield { kind: 'other', start: at, end: sql.length };
      at = end ?? sql.length;
    } else {
      const token = tokenAt(sql, at);
      yield token;
      at = token.end;
    }
  }
}

function tokenAt(sql: string, start: number): Token {
  const first = sql[start];
  if (first === "'") return { kind: 'string', start, end: endOfQuote(sql, start, /'/g) };
  if (first === '"') return { kind: 'other', start, end: endOfQuote(sql, start, /"/g) };
  const dollar = match(DOLLAR_QUOTE, sql, start);
  if (dollar) {
    const closing = sql.indexOf(dollar, start + dollar.length);
    return { kind: 'string', start, end: closing === -1 ? sql.length : closing + dollar.length };
  }
  const word = match(WORD, sql, start);
  if (word?.toLowerCase() === 'e' && sql[start + 1] === "'") {
    return { kind: 'string', start, end: endOfQuote(sql, start + 1, /['\\]/g) };
  }
  if (word) return { kind: 'word', start, end: start + word.length };
  return { kind: first === ';' ? 'end' : 'other', start, end: start + 1 };
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

/** `stops` finds the quote and what escapes it; a doubled quote is one in the text. */
function endOfQuote(sql: string, opening: number, stops: RegExp): number {
  stops.lastIndex = opening + 1;
  for (let found = stops.exec(sql); found; found = stops.exec(sql)) {
    const escaped = found[0] === '\\' || sql[found.index + 1] === found[0];
    if (!escaped) return found.index + 1;
    stops.lastIndex = found.index + 2;
  }
  return sql.length;
}

/** Comments nest (manual: 4.1.5 Comments). */
function endOfComment(sql: string, opening: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = opening;
  let depth = 0;
  for (let found = marks.exec(sql); found; found = marks.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}

/** The line of an offset; the first line is 1. */
export function lineAt(sql: string, offset: number): number {
  return sql.slice(0, offset).split('\n').length;
}

/** The offset of a server's error position, which counts characters from 1 (manual: 55.8 Error and Notice Message Fields). */
export function offsetOfPosition(text: string, position: number): number {
  let offset = 0;
  for (let left = position - 1; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
