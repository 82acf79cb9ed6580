/** One line for what a chain verifier said: where it broke, or that it is clean. */
export function describeVerifierAnswer(answer: {
  readonly first_break_id: string | null;
  readonly first_break_pos: number | null;
  readonly walked: number;
}): string {
  const { first_break_id: id, first_break_pos: position, walked } = answer;
  if (id === null && position === -1) return `clean, ${walked} walked`;
  return `break at row ${id}, position ${position}, ${walked} walked`;
}
