import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { reorderList } from '../restore/reorder-list.ts';
import { REORDER_FUNCTION } from './reproduction-reorder.ts';

describe('the list of an archive', () => {
  test.each([true, false])(
    'is reordered by awk as by the harness: data kept in order %s',
    async (keepDataInOrder) => {
      const names = [
        'TABLE',
        'TABLE DATA',
        'FK CONSTRAINT',
        'TABLE ATTACH',
        'ACL',
        'COMMENT',
        'INDEX',
        'INDEX ATTACH',
      ];
      const lines = names.flatMap((kind, index) =>
        [0, 1, 2, 3].flatMap((copy) => {
          const id = 100 + index * 10 + copy;
          const needs =
            copy === 1 ? [`;\tdepends on: ${id - 1} 7`] : copy === 3 ? [`;\tdepends on: 1${id - 1}`] : [];
          return [`${id}; 1259 ${id} ${kind} public it''s postgres`, ...needs, ...(copy === 2 ? [''] : [])];
        }),
      );
      const list = [';', '; Archive created at', ';', '', ...lines, ''].join('\n');
      const { stdout } = await execa(
        'sh',
        ['-c', `${REORDER_FUNCTION}\nreorder ${keepDataInOrder ? '"TABLE DATA"' : ''}`],
        {
          input: list,
          stripFinalNewline: false,
        },
      );
      expect(stdout).toBe(reorderList(list, { keepDataInOrder }));
      expect(stdout).not.toBe(reorderList(list, { keepDataInOrder: !keepDataInOrder }));
    },
  );
});
