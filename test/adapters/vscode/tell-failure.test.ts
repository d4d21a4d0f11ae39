import { beforeEach, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { tellFailure } from '../../../src/vscode/commands.ts';
import { messages } from '../../support/fake-vscode.ts';

const log = { error() {} } as never;
beforeEach(() => void (messages.length = 0));

it.each([
  ['cancelled', new DOMException('declined', 'AbortError')],
  [
    'did not confirm a namespace',
    new Failure('sealing.unconfirmed', { namespace: 'shop', from: 'kustomization.yaml' }),
  ],
])('tells nothing to a person who %s', async (_name, failure) => {
  await tellFailure(Promise.reject(failure), log);
  expect(messages).toEqual([]);
});

it('tells everything else in one sentence', async () => {
  await tellFailure(Promise.reject(new Failure('file.exists', {})), log);
  expect(messages).toEqual(['It exists already; choose another name or remove it first']);
});
