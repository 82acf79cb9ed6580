/** Shorter texts, then texts with plainer characters. Characters are code points, so that none is cut in two. */
export function* simplerTexts(text: string, plainLetter: string): Generator<string> {
  const characters = [...text];
  if (characters.length > 1) {
    for (let size = characters.length >> 1; size >= 1; size >>= 1) {
      for (let start = 0; start < characters.length; start += size) {
        yield characters.toSpliced(start, size).join('');
      }
      // A long text gets short by halves; taking every single character away is for short ones.
      if (size <= 2 && characters.length > 16) return;
    }
  }
  for (const [index, character] of characters.entries()) {
    if (character !== plainLetter) yield characters.with(index, plainLetter).join('');
  }
}

/** Smaller JSON: an empty object, then parts of it, then it with a part less. What JavaScript cannot keep is left whole. */
export function* simplerDetails(details: string | null): Generator<string> {
  if (details === null) return;
  if (details !== '{}') yield '{}';
  const value = parse(details);
  // A number that JavaScript cannot hold would change by being read.
  if (value === undefined || JSON.stringify(value).length !== details.replaceAll(/\s/g, '').length) return;
  if (typeof value !== 'object' || value === null) return;
  const parts: [string, unknown][] = Object.entries(value);
  for (const [, part] of parts) yield JSON.stringify(part);
  for (const [key] of parts) {
    const rest = parts.filter(([other]) => other !== key);
    yield JSON.stringify(Array.isArray(value) ? rest.map(([, part]) => part) : Object.fromEntries(rest));
  }
}

function parse(details: string): unknown {
  try {
    return JSON.parse(details);
  } catch {
    return undefined;
  }
}
