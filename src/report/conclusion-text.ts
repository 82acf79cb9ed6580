import type { Conclusion } from '../fuzz/conclusion.ts';
import { oneLine } from './checks-text.ts';
import type { Palette } from './palette.ts';

/** `PASS  every case as predicted` */
export function conclusionLine({ verdict, sentence }: Conclusion, palette: Palette): string {
  const words = {
    pass: palette.green('PASS'),
    fail: palette.red('FAIL'),
    'no-verdict': palette.yellow('NO VERDICT'),
  };
  return `${words[verdict]}  ${oneLine(sentence)}`;
}
