import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { spkiFingerprint } from '../../../src/crypto/fingerprint.ts';
import { fetchCertificateFromUrl } from '../../../src/vscode/clusters/fetch-certificate-from-url.ts';
import { certificates } from '../../accuracy/certificates.mjs';
import { Editor } from '../../support/editor.ts';
import { answers, commands, messages, questions, workspace } from '../../support/fake-vscode.ts';

const [first = ''] = certificates;
const second = readFileSync('test/golden/sealed-secrets/controller.crt', 'utf8');
const url = 'https://seal.example/v1/cert.pem';
const path = '.purser/certs/seal.example.pem';
const fingerprintOf = (pem: string) => spkiFingerprint(new X509Certificate(pem).publicKey);

let editor: Editor;
let asked: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(new X509Certificate(first).validFrom) + 86_400_000 });
  editor = new Editor();
  asked = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  editor.close();
});

async function fetch(pem: string, ...given: readonly unknown[]): Promise<void> {
  answers.push(...given);
  const fetchText = async (from: URL) => {
    asked.push(from.href);
    return pem;
  };
  await fetchCertificateFromUrl({ ...editor.services, fetchText });
  editor.services.policies.refresh();
}

it('writes the certificate once its fingerprint is accepted, and a rule that pins it', async () => {
  await fetch(first, url, undefined, 'Accept Certificate', 'Write Rule…', 'apps/**');
  expect(asked).toEqual([url]);
  expect(questions[0]?.message).toBe(`Put the certificate that seal.example publishes into ${path}?`);
  expect(questions[0]?.detail).toContain(`Fingerprint: ${fingerprintOf(first)}\n`);
  expect(questions[0]?.detail).toContain('From: https://seal.example\n');
  expect(editor.folder.text(path)).toContain('-----BEGIN CERTIFICATE-----');
  const policy = editor.folder.text('.purser.yaml');
  expect(policy).toContain('scheme: sealed-secrets');
  expect(policy).toContain(`${path}#${fingerprintOf(first)}`);
});

it('has policy pin the next one, and offers to seal again', async () => {
  await fetch(first, url, undefined, 'Accept Certificate', 'Write Rule…', '**');
  vi.setSystemTime(Date.parse(new X509Certificate(second).validFrom) + 86_400_000);
  const run = vi.spyOn(commands, 'executeCommand');
  await fetch(second, url, undefined, 'Accept Certificate', 'Seal Again…');
  const detail = questions.at(-2)?.detail ?? '';
  expect(detail).toContain(`Before: ${fingerprintOf(first)}\nNow: ${fingerprintOf(second)}`);
  expect(detail).toContain('.purser.yaml will pin this one.');
  expect(editor.folder.text('.purser.yaml')).toContain(`${path}#${fingerprintOf(second)}`);
  expect(editor.folder.text('.purser.yaml')).not.toContain(fingerprintOf(first));
  expect(run).toHaveBeenCalledWith('purser.sealAgain');
});

it('writes neither file nor pin where the person declines', async () => {
  await fetch(first, url, undefined, 'Accept Certificate', 'Write Rule…', '**');
  const before = editor.folder.snapshot();
  vi.setSystemTime(Date.parse(new X509Certificate(second).validFrom) + 86_400_000);
  await fetch(second, url, undefined, undefined);
  expect(editor.folder.snapshot()).toEqual(before);
});

it.each(['http://seal.example/cert.pem', 'https://ann:secret@seal.example/', 'seal.example', ''])(
  'asks nobody for %j',
  async (wrong) => {
    await expect(fetch(first, wrong)).rejects.toMatchObject({ code: 'usage' });
    expect(asked).toEqual([]);
  },
);

it('writes nothing of what is no certificate, has expired, or does not come', async () => {
  const before = editor.folder.snapshot();
  await expect(fetch('<html>', url)).rejects.toMatchObject({ code: 'key.unusable' });
  answers.push(url);
  const failure = new Failure('sealing.unreachable', { host: 'seal.example', reason: 'it answers 503' });
  const fetchText = () => Promise.reject(failure);
  await expect(fetchCertificateFromUrl({ ...editor.services, fetchText })).rejects.toBe(failure);
  vi.setSystemTime(new Date('2040-01-01'));
  await expect(fetch(first, url)).rejects.toMatchObject({ code: 'certificate.expired' });
  expect(editor.folder.snapshot()).toEqual(before);
});

it('needs a trusted workspace', async () => {
  workspace.isTrusted = false;
  await expect(fetch(first, url)).rejects.toMatchObject({ code: 'workspace.untrusted' });
  expect(asked).toEqual([]);
  expect(messages).toEqual([]);
});
