import { existsSync } from 'node:fs';
import { NodeFiles } from './node-files.ts';

/** Files for a program that does nothing else meanwhile: thousands of questions to the disk are quicker asked at once. */
export class BlockingFiles extends NodeFiles {
  override async exists(path: string): Promise<boolean> {
    return existsSync(path);
  }
}
