/** An error of the server's with its SQLSTATE. */
export function describeRefusal({ message, sqlstate }: { message: string; sqlstate: string }): string {
  return `${message} (SQLSTATE ${sqlstate})`;
}
