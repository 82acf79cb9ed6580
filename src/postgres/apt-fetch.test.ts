import { expect, test } from 'vitest';
import { readPlan, tellingLine } from './apt-fetch.ts';

const PRINTED = `'file:/p/libpq5_15.20-0%2bdeb12u1_amd64.deb' libpq5_15.20-0+deb12u1_amd64.deb 205248 
'file:/p/zlib1g.deb' zlib1g_1%3a1.2.13.dfsg-1_amd64.deb 86684 MD5Sum:ec42
'file:/p/libllvm14.deb' libllvm14_1%3a14.0.6-12_amd64.deb 21840232 MD5Sum:1ff0
'file:/p/libz3-4.deb' libz3-4_4.8.12-3.1_amd64.deb 7216172 MD5Sum:1239
'file:/p/libc6.deb' libc6_2.36-9+deb12u14_amd64.deb 2759320 MD5Sum:8d98
'file:/p/libjson-perl.deb' libjson-perl_4.10000-1_all.deb 87516 MD5Sum:b480
'file:/p/locales.deb' locales_2.36-9+deb12u14_all.deb 3906316 MD5Sum:5fff
'file:/p/postgresql-common.deb' postgresql-common_248+deb12u2_all.deb 179624 
'file:/p/postgresql-client-15.deb' postgresql-client-15_15.20-0+deb12u1_amd64.deb 1778868 
'file:/p/postgresql-15.deb' postgresql-15_15.20-0+deb12u1_amd64.deb 17091392 
`;

test('keeps server, client and libraries, with epochs decoded, and sums their sizes', () => {
  expect(readPlan(PRINTED)).toEqual({
    packages: [
      'libpq5=15.20-0+deb12u1',
      'zlib1g=1:1.2.13.dfsg-1',
      'postgresql-client-15=15.20-0+deb12u1',
      'postgresql-15=15.20-0+deb12u1',
    ],
    bytes: 205_248 + 86_684 + 1_778_868 + 17_091_392,
  });
});

test.each([
  [
    'E: Unable to locate package x\nW: Failed to fetch a  Temporary failure',
    'W: Failed to fetch a  Temporary failure',
  ],
  ['Reading…\nE: The repository has no Release file.\nE: other', 'E: The repository has no Release file.'],
  ['dpkg-deb: error: no space left\ntail', 'dpkg-deb: error: no space left'],
  ['first\nlast\n\n', 'last'],
  ['', undefined],
])('of %j the telling line is %j', (output, line) => {
  expect(tellingLine(output)).toBe(line);
});
