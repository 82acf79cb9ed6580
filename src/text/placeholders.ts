/**
 * A text with `{name}` replaced by the value of that name. Other words in braces are left as they are, and so is
 * `${name}`: they belong to the shell, to awk and the like.
 */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/(?<!\$)\{([a-z_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : whole,
  );
}
