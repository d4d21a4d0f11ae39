import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { AcceptedKeys } from '../../../src/vscode/accepted-keys.ts';
import { askPassphrase } from '../../../src/vscode/ask-passphrase.ts';
import { answers, questions, workspace } from '../../support/fake-vscode.ts';

let trust: AcceptedKeys;
beforeEach(() => {
  for (const list of [answers, questions]) list.length = 0;
  const kept = new Map<string, unknown>();
  trust = new AcceptedKeys({
    get: (key: string, otherwise: unknown) => kept.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  } as never);
});
afterEach(() => {
  workspace.isTrusted = true;
});

const ann = { kind: 'age', name: `age1${'a'.repeat(58)}` };
const bob = { kind: 'age', name: `age1${'b'.repeat(58)}` };
const team = { kind: 'PGP', name: 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4' };
const ask = (recipients: readonly (typeof ann)[], root = '/repo') =>
  trust.acceptsRecipients({ root, file: '.sops.yaml', recipients });

it('asks once about all that are new, each in full, and never again', async () => {
  answers.push('Accept Recipients');
  expect(await ask([ann, bob, team])).toBe(true);
  expect(questions).toHaveLength(1);
  expect(questions[0]?.message).toBe('Encrypt to 3 recipients that .sops.yaml names?');
  // An age recipient says itself what it is.
  expect(questions[0]?.detail).toContain(
    `Recipients:\n${ann.name}\n${bob.name}\n${team.kind} ${team.name}\n`,
  );
  expect(await ask([team, ann])).toBe(true);
  expect(questions).toHaveLength(1);
});

it('asks about the new one alone, and says how many were accepted before', async () => {
  answers.push('Accept Recipients', 'Accept Recipient');
  await ask([ann, bob]);
  await ask([ann, team, bob]);
  expect(questions.at(-1)?.message).toBe('Encrypt to a recipient that .sops.yaml names?');
  expect(questions.at(-1)?.detail).toContain('Accepted before: 2\n');
  expect(questions.at(-1)?.detail).toContain(`New:\nPGP ${team.name}\n`);
});

it('accepts for one repository, not for all', async () => {
  answers.push('Accept Recipient');
  await ask([ann]);
  await expect(ask([ann], '/other')).rejects.toMatchObject({ name: 'AbortError' });
});

it('takes closing the question for a no, and remembers nothing of it', async () => {
  await expect(ask([ann])).rejects.toMatchObject({ name: 'AbortError' });
  await expect(ask([ann])).rejects.toMatchObject({ name: 'AbortError' });
  expect(questions).toHaveLength(2);
});

it('names a post-quantum recipient by both ends and the SHA-256 of all of it', async () => {
  const { recipient: name } = await generateAgeKey(new Date(0), { postQuantum: true });
  await expect(ask([{ kind: 'age', name }])).rejects.toMatchObject({ name: 'AbortError' });
  const digest = createHash('sha256').update(name).digest('hex');
  expect(name.length).toBeGreaterThan(1900);
  expect(questions[0]?.detail).toContain(`\n${name.slice(0, 24)}…${name.slice(-8)} (SHA-256 ${digest})\n`);
  expect(questions[0]?.detail?.length).toBeLessThan(500);
});

it('tells apart two long recipients that begin and end alike', async () => {
  const like = (middle: string) => ({
    kind: 'age',
    name: `ssh-rsa ${'A'.repeat(200)}${middle}${'B'.repeat(200)}`,
  });
  await expect(ask([like('x'), like('y')])).rejects.toMatchObject({ name: 'AbortError' });
  const digests = [...(questions[0]?.detail ?? '').matchAll(/SHA-256 ([0-9a-f]{64})/g)].map(([, one]) => one);
  expect(new Set(digests).size).toBe(2);
});

it('shows no characters that could make one recipient look like another', async () => {
  await expect(ask([{ kind: 'age', name: 'age1\u202eabc\nRecipients:' }])).rejects.toThrow();
  expect(questions[0]?.detail).toContain('age1\ufffdabc\ufffdRecipients:\n');
});

it('accepts nobody new in Restricted Mode, and asks nothing', async () => {
  answers.push('Accept Recipient', 'Accept Recipient');
  await ask([ann]);
  workspace.isTrusted = false;
  expect(await ask([ann])).toBe(true);
  await expect(ask([ann, bob])).rejects.toMatchObject({ code: 'workspace.untrusted' });
  expect(questions).toHaveLength(1);
});

it('asks for a passphrase in trusted workspaces only', async () => {
  answers.push('correct horse');
  expect(await askPassphrase('local:own')).toBe('correct horse');
  workspace.isTrusted = false;
  await expect(askPassphrase('local:own')).rejects.toMatchObject({ code: 'workspace.untrusted' });
});
