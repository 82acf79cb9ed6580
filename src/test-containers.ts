import { imagesAtHand } from './postgres/container-runtime.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** PostgreSQL images that tests may run, from the newest version to the oldest; none: such tests are skipped. */
    images: readonly TestImage[];
  }
}

interface TestImage {
  readonly image: string;
  readonly major: number;
}

/**
 * The images of RESTOREPROOF_TEST_IMAGES (separated by blanks or commas, each with its version in its tag), else those
 * named local/postgres:MAJOR that the engine has.
 *
 * @throws where RESTOREPROOF_REQUIRE_DOCKER=1 and there are none: a run that must not skip tests
 */
export async function testImages(): Promise<TestImage[]> {
  const named = process.env['RESTOREPROOF_TEST_IMAGES']?.split(/[\s,]+/).filter((image) => image !== '');
  const images = (named ?? (await localImages())).flatMap((image) => {
    const major = Number(/:(\d+)/.exec(image)?.[1]);
    return Number.isInteger(major) ? [{ image, major }] : [];
  });
  if (images.length === 0 && process.env['RESTOREPROOF_REQUIRE_DOCKER'] === '1') {
    throw new Error(
      'RESTOREPROOF_REQUIRE_DOCKER=1, and there is no Docker engine with an image of PostgreSQL',
    );
  }
  return images.toSorted((a, b) => b.major - a.major);
}

async function localImages(): Promise<string[]> {
  return (await imagesAtHand()).filter((name) => /^local\/postgres:\d+$/.test(name));
}
