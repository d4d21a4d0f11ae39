import { X509Certificate } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { spkiFingerprint } from '../../../src/crypto/fingerprint.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { AcceptedKeys } from '../../../src/vscode/accepted-keys.ts';
import { fetchCertificate } from '../../../src/vscode/clusters/fetch-certificate.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { Policies } from '../../../src/vscode/policies.ts';
import { certificates } from '../../accuracy/certificates.mjs';
import { ActingSession, ListedClusters } from '../../support/acting-clusters.ts';
import { answers, messages, questions, registered, Uri, workspace } from '../../support/fake-vscode.ts';
import { allSchemes } from '../../support/schemes.ts';
import { Workspace } from '../../support/workspace.ts';

const [first = '', second = ''] = certificates;
const path = '.purser/certs/prod-eu.pem';
const controller = { namespace: 'kube-system', name: 'sealed-secrets', port: 'http', keys: undefined };

let folder: Workspace;
let session: ActingSession;
let trust: AcceptedKeys;

function read(pem: string) {
  const certificate = new X509Certificate(pem);
  return {
    pem: certificate.toString(),
    subject: certificate.subject,
    fingerprint: spkiFingerprint(certificate.publicKey),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: read(first).validFrom.getTime() + 86_400_000 });
  registered.clear();
  for (const list of [answers, messages, questions]) list.length = 0;
  workspace.isTrusted = true;
  folder = new Workspace();
  workspace.workspaceFolders = [{ uri: Uri.file(folder.root) }];
  session = new ActingSession();
  session.certificate = read(first);
  const kept = new Map<string, unknown>();
  trust = new AcceptedKeys({
    get: (key: string, otherwise: unknown) => kept.get(key) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  } as never);
});
afterEach(() => {
  vi.useRealTimers();
  workspace.workspaceFolders = [];
  workspace.textDocuments = [];
  folder.remove();
});

const row = (): Row => ({
  row: 'controller',
  cluster: new ListedClusters().set('prod/eu', session),
  controller,
});
async function fetch(...given: unknown[]): Promise<void> {
  answers.splice(0, answers.length, ...given);
  const files = new NodeFiles();
  const policies = new Policies(new PolicyFinder(files, () => folder.root));
  const clustersView = { rowOf: (drawn: unknown) => drawn as Row };
  await fetchCertificate(row(), { files, policies, trust, registry: allSchemes(), clustersView });
}

it('shows whose certificate it is before it writes it, and accepts it with that', async () => {
  await fetch(undefined, 'Accept Certificate');
  const { fingerprint, pem } = read(first);
  expect(folder.text(path)).toBe(pem);
  expect(folder.mode(path)).toBe(0o644);
  const [{ message, detail } = { message: '', detail: '' }] = questions;
  expect(message).toContain('kube-system/sealed-secrets');
  expect(detail).toContain(`Fingerprint: ${fingerprint}`);
  expect(detail).toContain('Subject: CN=kubernetes');
  expect(detail).toContain('Valid: 2026-11-21 to 2036-11-18');
  expect(detail).toContain('From: https://cluster.test:6443');
  expect(detail).not.toContain('days old');
  expect(messages.at(-1)).toContain(`kubeseal --cert ${path}`);
  const asked = questions.length;
  const key = { root: folder.root, ref: path, description: 'RSA 2048', fingerprint };
  expect(await trust.accepts(key)).toBe(true);
  expect(questions).toHaveLength(asked);
});

it('writes and accepts nothing where the person declines', async () => {
  await fetch(undefined);
  expect(folder.snapshot().size).toBe(0);
  const key = { root: folder.root, ref: path, description: '', fingerprint: read(first).fingerprint };
  await expect(trust.accepts(key)).rejects.toMatchObject({ name: 'AbortError' });
});

it('shows the old fingerprint beside the new one', async () => {
  folder.write(path, second);
  await fetch(undefined, 'Accept Certificate');
  expect(questions[0]?.detail).toContain(
    `Before: ${read(second).fingerprint}\nNow: ${read(first).fingerprint}`,
  );
  expect(folder.text(path)).toBe(read(first).pem);
});

it('asks nothing where the file is this certificate already', async () => {
  folder.write(path, read(first).pem);
  await fetch();
  expect(questions).toEqual([]);
  expect(messages).toEqual([`${path} is this very certificate already.`]);
});

it('refuses an expired one before it asks for anything', async () => {
  vi.setSystemTime(new Date('2040-01-01'));
  await expect(fetch('Accept Certificate')).rejects.toMatchObject({
    code: 'certificate.expired',
    details: { on: '2036-11-18' },
    place: { cluster: 'prod/eu' },
  });
  expect(questions).toEqual([]);
});

it('says that one is old, and that nobody checked the server it comes from', async () => {
  vi.setSystemTime(read(first).validFrom.getTime() + 45 * 86_400_000);
  session.insecure = true;
  await fetch(undefined);
  expect(questions[0]?.detail).toContain('It is 45 days old');
  expect(questions[0]?.detail).toContain('nobody checks');
});

it.each(['../out.pem', 'a/../../out.pem', '/tmp/out.pem', '.git/hooks/pre-commit', '.pem', ''])(
  'does not write to %j',
  async (name) => {
    await fetch(name, 'Accept Certificate');
    expect(folder.snapshot().size).toBe(0);
    expect(questions).toEqual([]);
  },
);

it('does not follow a link out of the folder', async () => {
  const outside = new Workspace();
  symlinkSync(outside.root, folder.path('.purser'));
  await expect(fetch(undefined, 'Accept Certificate')).rejects.toMatchObject({ code: 'key.outside-repo' });
  expect(outside.snapshot().size).toBe(0);
  outside.remove();
});

it('overwrites no other file, and none with unsaved changes', async () => {
  folder.write('ca.pem', 'not a certificate');
  await expect(fetch('ca.pem', 'Accept Certificate')).rejects.toMatchObject({ code: 'file.exists' });
  expect(folder.text('ca.pem')).toBe('not a certificate');
  folder.write(path, second);
  workspace.textDocuments = [{ uri: Uri.file(folder.path(path)), isDirty: true } as never];
  await expect(fetch(undefined, 'Accept Certificate')).rejects.toMatchObject({ code: 'document.unsaved' });
});

it('needs a trusted workspace', async () => {
  workspace.isTrusted = false;
  await expect(fetch()).rejects.toMatchObject({ code: 'workspace.untrusted' });
  expect(session.commands).toEqual([]);
});
