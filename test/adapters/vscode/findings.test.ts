import { beforeEach, describe, expect, it } from 'vitest';
import type { PolicyAnswer } from '../../../src/app/policy-finder.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { AcrossFiles } from '../../../src/vscode/across-files.ts';
import { Diagnostics } from '../../../src/vscode/diagnostics.ts';
import { FileBadges } from '../../../src/vscode/file-badges.ts';
import {
  type FileFindings,
  findingsOnDisk,
  nothingFound,
  type ShownFinding,
} from '../../../src/vscode/file-findings.ts';
import { Findings } from '../../../src/vscode/findings.ts';
import { FindingsView } from '../../../src/vscode/findings-view.ts';
import { OpenDocuments } from '../../../src/vscode/open-documents.ts';
import { Status } from '../../../src/vscode/status.ts';
import {
  configuration,
  contextKeys,
  diagnostics,
  fakeDocument,
  Position,
  Range,
  registered,
  statusBar,
  Uri,
  workspace,
} from '../../support/fake-vscode.ts';
import { manifestsUnder, policiesSaying } from '../../support/manifests.ts';
import { secretYaml } from '../../support/workspace.ts';

const at = (path: string) => Uri.file(`/repo/${path}`) as never;

function finding(rule: string, line: number, level: ShownFinding['level'] = 'error'): ShownFinding {
  const range = new Range(new Position(line, 2), new Position(line, 9)) as never;
  return { rule, level, range, message: `${rule} in words`, entry: 'stringData.password' };
}

function file(path: string, shown: readonly ShownFinding[], sealed = false): FileFindings {
  const errors = shown.filter(({ level }) => level === 'error').length;
  const plaintext = { errors, others: shown.length - errors };
  return { ...nothingFound(at(path)), shown, total: shown.length, plaintext, sealed };
}

let findings: Findings;
beforeEach(() => {
  registered.clear();
  diagnostics.clear();
  statusBar.clear();
  configuration.clear();
  workspace.workspaceFolders = [{ uri: Uri.file('/repo') }];
  findings = new Findings();
});

describe('what is known of a file', () => {
  it('is what the open document holds, and after it is closed what stands on disk', () => {
    findings.setOnDisk([file('a.yaml', [finding('plaintext-secret', 1)])]);
    findings.setInEditor(at('a.yaml'), file('a.yaml', []));
    expect(findings.totals().plaintext).toEqual({ errors: 0, others: 0 });
    findings.setInEditor(at('a.yaml'), undefined);
    expect(findings.totals().plaintext).toEqual({ errors: 1, others: 0 });
  });

  it('is forgotten when it is not found again', () => {
    const one = [finding('plaintext-secret', 1)];
    findings.setOnDisk([file('a.yaml', one), file('b.yaml', one)]);
    findings.keepOnDisk(({ fsPath }) => fsPath === '/repo/a.yaml');
    expect(findings.files().map(({ uri }) => uri.fsPath)).toEqual(['/repo/a.yaml']);
  });

  it('holds what a kustomization says of the files it points to, as long as it says so', () => {
    const position = { line: 1, column: 1 };
    const reported = { rule: 'secret-generator-literal', level: 'error', path: '/repo/a.env' } as const;
    const range = { start: position, end: position };
    const found = { ...reported, range, message: 'm', object: undefined, entry: 'PASSWORD' };
    const kustomization = file('kustomization.yaml', []);
    findings.setOnDisk([{ ...kustomization, elsewhere: [{ path: '/repo/a.env', findings: [found] }] }]);
    expect(findings.get(at('a.env'))).toMatchObject({ total: 1, plaintext: { errors: 1 } });
    expect(findings.totals().plaintext.errors).toBe(1);
    findings.setOnDisk([kustomization]);
    expect(findings.get(at('a.env')).total).toBe(0);
  });

  it('holds copies of one ciphertext in two files, told by names a person can find', async () => {
    const copies = new AcrossFiles(findings);
    const range = { start: { line: 7, column: 3 }, end: { line: 7, column: 9 } };
    const token = (path: string) => ({
      mark: 'the same',
      path,
      range,
      object: undefined,
      entry: 'data.a',
      where: 'data.a of Secret main',
      level: 'warning' as const,
    });
    const sealed = (name: string) => ({ ...file(name, [], true), tokens: () => [token(`/repo/${name}`)] });
    findings.setOnDisk([sealed('a.yaml'), sealed('b.yaml')]);
    await expect.poll(() => findings.get(at('a.yaml')).shown[0]?.message).toContain('(b.yaml:7)');
    findings.setOnDisk([file('b.yaml', [])]);
    await expect.poll(() => findings.get(at('a.yaml')).total).toBe(0);
    copies.dispose();
  });

  it('tells what Flux cannot decrypt, of repositories that are open as a whole', async () => {
    const across = new AcrossFiles(findings);
    const place = {
      range: { start: { line: 2, column: 7 }, end: { line: 2, column: 20 } },
      level: 'warning',
    } as const;
    const nothingMore = {
      kustomizations: [],
      builds: undefined,
      changes: [],
      sealed: false,
      secrets: [],
      addsDecryption: false,
    };
    const kustomization = {
      object: { apiVersion: undefined, kind: 'Kustomization', namespace: undefined, name: 'apps' },
      source: 'GitRepository//main',
      path: 'apps',
      decrypts: false,
      changes: [],
      place,
      secret: undefined,
    };
    const both = (root: string) => [
      {
        ...file('c.yaml', []),
        flux: { ...nothingMore, root, path: 'c.yaml', shown: 'c.yaml', kustomizations: [kustomization] },
      },
      {
        ...file('apps/db.yaml', []),
        flux: { ...nothingMore, root, path: 'apps/db.yaml', shown: 'x', sealed: true },
      },
    ];
    findings.setOnDisk(both('/'));
    expect(findings.files()).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(findings.totals().findings).toBe(0);
    findings.setOnDisk(both('/repo'));
    await expect.poll(() => findings.get(at('c.yaml')).shown[0]?.rule).toBe('flux/missing-decryption');
    expect(findings.get(at('c.yaml')).shown[0]?.range.start).toMatchObject({ line: 1, character: 6 });
    findings.setOnDisk([file('apps/db.yaml', [])]);
    await expect.poll(() => findings.get(at('c.yaml')).total).toBe(0);
    across.dispose();
  });

  it('counts lines from 0 where reports count from 1', () => {
    const range = { start: { line: 7, column: 13 }, end: { line: 7, column: 20 } };
    const reported = { rule: 'plaintext-secret', level: 'error', path: '/repo/a', message: 'm' } as const;
    const found = findingsOnDisk({
      path: '/repo/a',
      findings: [{ ...reported, range, object: undefined, entry: undefined }],
      total: 1,
      plaintext: { errors: 1, others: 0 },
      sealed: false,
      problems: [],
      tokens: [],
      sealedTo: [],
      elsewhere: [],
      kubeconfigs: [],
      flux: undefined,
    });
    expect(found.shown[0]?.range.start).toMatchObject({ line: 6, character: 12 });
  });
});

describe('squiggles', () => {
  it('are there for closed files, and go with the findings', () => {
    const own = new Diagnostics(findings, Uri.file('/extension') as never);
    findings.setOnDisk([file('a.yaml', [finding('plaintext-secret', 4, 'warning')])]);
    const [only] = diagnostics.get('purser file:///repo/a.yaml') ?? [];
    expect(only).toMatchObject({ severity: 1, source: 'purser', code: { value: 'plaintext-secret' } });
    findings.setOnDisk([file('a.yaml', [])]);
    expect([...diagnostics.keys()]).toEqual([]);
    own.dispose();
  });

  it('say how many more there are than VS Code shows', () => {
    const own = new Diagnostics(findings, Uri.file('/extension') as never);
    const shown = Array.from({ length: 999 }, (_, line) => finding('plaintext-secret', line));
    findings.setOnDisk([{ ...file('a.yaml', shown), total: 1500 }]);
    const all = diagnostics.get('purser file:///repo/a.yaml') ?? [];
    expect(all).toHaveLength(1000);
    expect(all.at(-1)?.message).toBe('and 501 more findings in this file');
    own.dispose();
  });

  it('can be switched off', () => {
    configuration.set('purser.diagnostics.enabled', false);
    const own = new Diagnostics(findings, Uri.file('/extension') as never);
    findings.setOnDisk([file('a.yaml', [finding('plaintext-secret', 4)])]);
    expect([...diagnostics.keys()]).toEqual([]);
    own.dispose();
  });
});

describe('badges', () => {
  it('tell plaintext, which shows on folders, from ciphertext, which does not', () => {
    const badges = new FileBadges(findings);
    findings.setOnDisk([file('a.yaml', [finding('plaintext-secret', 1)]), file('b.yaml', [], true)]);
    expect(badges.provideFileDecoration(at('a.yaml'))).toMatchObject({
      badge: 'P',
      propagate: true,
      color: { id: 'list.errorForeground' },
      tooltip: '1 secret in plaintext: encrypt before you commit',
    });
    expect(badges.provideFileDecoration(at('b.yaml'))).toMatchObject({ badge: 'E', propagate: false });
    expect(badges.provideFileDecoration(at('c.yaml'))).toBeUndefined();
    badges.dispose();
    configuration.set('purser.badges.enabled', false);
    const off = new FileBadges(findings);
    expect(off.provideFileDecoration(at('a.yaml'))).toBeUndefined();
    off.dispose();
  });

  it('are told in batches that VS Code takes, and only where they change', () => {
    const badges = new FileBadges(findings);
    const told: number[] = [];
    badges.onDidChangeFileDecorations((uris) => told.push(uris.length));
    const many = Array.from({ length: 600 }, (_, i) => file(`${i}.yaml`, [finding('plaintext-secret', 1)]));
    findings.setOnDisk(many);
    expect(told).toEqual([250, 250, 100]);
    findings.setInEditor(at('7.yaml'), file('7.yaml', [finding('plaintext-secret', 9)]));
    expect(told).toHaveLength(3);
    badges.dispose();
  });
});

describe('the status bar', () => {
  it('counts plaintext, and shows nothing where there is none', async () => {
    const status = new Status(findings);
    findings.setOnDisk([
      file('a.yaml', [finding('plaintext-secret', 1), finding('plaintext-secret', 2, 'warning')]),
    ]);
    await expect.poll(() => statusBar.get('purser.plaintext')?.text).toBe('$(shield) 2 plaintext');
    findings.setOnDisk([file('a.yaml', [], true)]);
    await expect.poll(() => statusBar.size).toBe(0);
    status.dispose();
  });
});

describe('the Findings view', () => {
  const memento = () => {
    const kept = new Map<string, unknown>();
    return {
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
  };

  it('lists findings by file or by rule, with counts', async () => {
    const view = new FindingsView(findings, memento() as never);
    findings.setOnDisk([
      file('b/b.yaml', [finding('plaintext-secret', 1)]),
      file('a.yaml', [finding('value-pitfall', 3, 'warning'), finding('plaintext-secret', 6)]),
    ]);
    await expect.poll(() => view.getChildren().length).toBe(2);
    const labels = () =>
      view
        .getChildren()
        .map((row) => view.getTreeItem(row))
        .map(({ label, description }) => [label, description]);
    expect(labels()).toEqual([
      ['a.yaml', '2'],
      ['b.yaml', 'b · 1'],
    ]);
    await view.groupBy('rule');
    expect(labels()).toEqual([
      ['plaintext-secret', '2'],
      ['value-pitfall', '1'],
    ]);
    expect(contextKeys.get('purser.groupedBy')).toBe('rule');
    const [first] = view.getChildren(view.getChildren()[0]);
    expect(first && view.getTreeItem(first)).toMatchObject({
      label: 'stringData.password',
      description: 'a.yaml:7',
      contextValue: 'finding.value',
      accessibilityInformation: { label: 'error: plaintext-secret in words, a.yaml:7' },
      command: { command: 'vscode.open' },
    });
    view.dispose();
  });

  it('lists what could not be looked into, last', async () => {
    const view = new FindingsView(findings, memento() as never);
    const problem = { path: '/repo/x.yaml', line: 3, message: 'it cannot be read' };
    findings.setOnDisk([
      { ...file('x.yaml', []), problems: [problem] },
      file('y.yaml', [finding('plaintext-secret', 1)]),
    ]);
    await expect.poll(() => view.getChildren().length).toBe(2);
    const [, last] = view.getChildren();
    expect(last && view.getTreeItem(last).label).toBe('Not looked into');
    const [row] = view.getChildren(last);
    expect(row && view.getTreeItem(row)).toMatchObject({
      label: 'it cannot be read',
      description: 'x.yaml:3',
      accessibilityInformation: { label: 'not looked into: it cannot be read, x.yaml:3' },
    });
    view.dispose();
  });

  it('ends a list that is too long with a note', async () => {
    const view = new FindingsView(findings, memento() as never);
    findings.setOnDisk([
      {
        ...file(
          'a.yaml',
          Array.from({ length: 999 }, (_, i) => finding('plaintext-secret', i)),
        ),
        total: 4000,
      },
    ]);
    await expect.poll(() => view.getChildren().length).toBe(1);
    const rows = view.getChildren(view.getChildren()[0]);
    const last = rows.at(-1);
    expect(last && view.getTreeItem(last).label).toBe('and 3001 more');
    view.dispose();
  });
});

describe('open documents', () => {
  const registry = new SchemeRegistry([secretboxScheme()]);
  const text = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });

  async function look(answer: Partial<PolicyAnswer> | undefined, content = text): Promise<FileFindings> {
    const document = fakeDocument(content, '/repo/open.yaml');
    workspace.textDocuments = [document] as never;
    const manifests = manifestsUnder(answer, registry);
    const open = new OpenDocuments(manifests, policiesSaying(answer), findings);
    const told = new Promise((resolve) => findings.onDidChange(resolve));
    await told;
    open.dispose();
    workspace.textDocuments = [];
    return findings.get(document.uri as never);
  }

  it('are judged by their text, and by the levels of the policy', async () => {
    expect(await look(undefined)).toMatchObject({ total: 1, plaintext: { errors: 1 } });
    const severity = new Map([['plaintext-secret', 'warning'] as const]);
    const policy = { rules: [], ignore: [], severity } as const;
    expect(await look({ ignored: false, file: '/repo/.purser.yaml', policy })).toMatchObject({
      plaintext: { others: 1 },
    });
    expect(await look({ ignored: true, file: '/repo/.purser.yaml', policy })).toMatchObject({ total: 0 });
  });

  it('are judged by the rule that covers them', async () => {
    const rule = {
      path: '**',
      scheme: 'secretbox',
      keys: [],
      whole: false,
      openedBy: 'pipeline',
      scope: 'strict',
      line: 1,
    } as const;
    const { shown } = await look({ ignored: false, rule, file: '/repo/.purser.yaml' });
    expect(shown.map((one) => one.rule)).toEqual(['unencrypted-by-policy']);
  });
});
