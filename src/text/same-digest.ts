/**
 * Whether two digests are of the same bytes. None at all, of rows that are not there or that nobody can read, is equal
 * to nothing, and to another that is missing no more than to any.
 */
export function sameDigest(one: string | null | undefined, other: string | null | undefined): boolean {
  return typeof one === 'string' && one === other;
}
