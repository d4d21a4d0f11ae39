import { beforeEach, expect, it } from 'vitest';
import { withProgress } from '../../../src/vscode/progress.ts';
import { progressTitles } from '../../support/fake-vscode.ts';

const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 900));

beforeEach(() => void (progressTitles.length = 0));

it('shows progress of what takes its time', async () => {
  await withProgress('Encrypting', slow);
  expect(progressTitles).toEqual(['Encrypting']);
});

it('shows none while it is the person who is waited for', async () => {
  await withProgress('Encrypting', slow, { isAsking: true });
  expect(progressTitles).toEqual([]);
});
