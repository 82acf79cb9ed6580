import picocolors from 'picocolors';

/** For standard output: none where NO_COLOR is set or nobody looks at a terminal, as under CI, unless FORCE_COLOR asks. */
export const colours = picocolors.createColors(
  !process.env['NO_COLOR'] && (process.stdout.isTTY || Boolean(process.env['FORCE_COLOR'])),
);
