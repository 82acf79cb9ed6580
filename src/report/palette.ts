import type { createColors } from 'picocolors';

/** Colours, or their absence; made by `cli/` for the terminal at hand. */
export type Palette = ReturnType<typeof createColors>;
