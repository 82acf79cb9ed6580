import { join } from 'node:path';
import { caseFileText, type CaseSubject, type Found } from '../case/case-file.ts';
import type { Case } from '../case/case.ts';
import { firstLine, NoVerdictError } from '../errors.ts';
import { writeIntoDirectory } from '../make-directory.ts';
import { replaceFile } from '../replace-file.ts';

/** The folder of one finding. */
export class Counterexample {
  readonly directory: string;

  private readonly subject: CaseSubject | undefined;

  /** @param subject how the case files name it; undefined for the first built-in one */
  constructor(root: string, signature: string, subject?: CaseSubject) {
    this.directory = join(root, signature);
    this.subject = subject;
  }

  /** Written before shrinking starts, so that a finding is never lost to a crash. */
  async writeUnshrunk(trial: Case, found: Found): Promise<void> {
    await this.write('unshrunk.json', caseFileText(trial, found, this.subject));
  }

  async writeCase(trial: Case, found: Found): Promise<void> {
    await this.write('case.json', caseFileText(trial, found, this.subject));
  }

  /**
   * Writes a file whole or not at all.
   * @throws NoVerdictError where the disk does not take it
   */
  async write(name: string, text: string, mode = 0o644): Promise<void> {
    const file = join(this.directory, name);
    try {
      await writeIntoDirectory(this.directory, () => replaceFile(file, text, mode));
    } catch (cause) {
      throw new NoVerdictError({ what: `${file} cannot be written`, why: firstLine(cause), cause });
    }
  }
}
