/** A piece of a value, and whether the other value has something else there. */
export interface Piece {
  readonly text: string;
  readonly differs: boolean;
}

export interface Differing {
  readonly source: readonly Piece[];
  readonly restored: readonly Piece[];
  /** Where the values differ first, and the bytes that do, in UTF-8; absent where they are equal or have nothing in common. */
  readonly bytes?: { readonly at: number; readonly source: string; readonly restored: string } | undefined;
}

/** Characters shown before and after what differs, and of what differs. */
const AROUND = 60;
const MOST = 400;
const MOST_BYTES = 24;

/**
 * Two values side by side, cut to where they differ. Of one length they are compared character by character;
 * otherwise all between their common beginning and their common end differs. Of two that have nothing in common
 * nothing is marked.
 */
export function differing(source: string, restored: string): Differing {
  const [one, other] = [[...source], [...restored]];
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const sides = [one, other].map((all) => ({
    before: all.slice(0, start),
    middle: all.slice(start, all.length - end),
    after: all.slice(all.length - end),
  }));
  // Two values that have nothing in common are two sentences: where they differ says nothing.
  const alike = start + end > 0 || one.length === other.length;
  const [left, right] = sides;
  if (!left || !right) throw new Error('there are two sides');
  const pieces = (side: typeof left, opposite: typeof left): Piece[] => [
    { text: cutStart(side.before), differs: false },
    ...(alike
      ? middlePieces(side.middle, opposite.middle)
      : [{ text: cutEnd(side.middle, MOST), differs: false }]),
    { text: cutEnd(side.after, AROUND), differs: false },
  ];
  const equal = left.middle.length === 0 && right.middle.length === 0;
  return {
    source: pieces(left, right).filter(({ text }) => text !== ''),
    restored: pieces(right, left).filter(({ text }) => text !== ''),
    bytes:
      equal || !alike
        ? undefined
        : {
            at: Buffer.byteLength(left.before.join('')),
            source: hexadecimal(left.middle.join('')),
            restored: hexadecimal(right.middle.join('')),
          },
  };
}

function middlePieces(middle: readonly string[], opposite: readonly string[]): Piece[] {
  if (middle.length !== opposite.length || middle.length > MOST)
    return [{ text: cutEnd(middle, MOST), differs: true }];
  const pieces: { text: string; differs: boolean }[] = [];
  for (const [position, character] of middle.entries()) {
    const differs = character !== opposite[position];
    const last = pieces.at(-1);
    if (last?.differs === differs) last.text += character;
    else pieces.push({ text: character, differs });
  }
  return pieces;
}

function cutStart(characters: readonly string[]): string {
  return characters.length > AROUND ? `…${characters.slice(-AROUND).join('')}` : characters.join('');
}

function cutEnd(characters: readonly string[], most: number): string {
  if (characters.length <= most) return characters.join('');
  return `${characters.slice(0, most).join('')}… (${characters.length - most} more)`;
}

function hexadecimal(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return 'none';
  const shown = [...bytes.subarray(0, MOST_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  return bytes.length > MOST_BYTES ? `${shown} … (${bytes.length} bytes)` : shown;
}
