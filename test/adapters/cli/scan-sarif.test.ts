import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const clear = secretYaml('main', { password: 'hunter2-canary' });

interface Sarif {
  readonly version: string;
  readonly runs: readonly [Run];
}
interface Run {
  readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Rule[] } };
  readonly columnKind: string;
  readonly invocations: readonly [
    { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] },
  ];
  readonly results: readonly Result[];
}
interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly unknown[];
  readonly partialFingerprints: { readonly [name: string]: string };
}

async function sarif(
  repo: Sandbox,
  ...args: string[]
): Promise<{ run: Run; text: string; code: number | null }> {
  const { stdout, code } = await repo.run(['scan', '--format', 'sarif', ...args]);
  const log: Sarif = JSON.parse(stdout);
  expect(log.version).toBe('2.1.0');
  expect(log.runs).toHaveLength(1);
  return { run: log.runs[0], text: stdout, code };
}

const fingerprints = ({ results }: Run) =>
  results.map((result) => result.partialFingerprints['purserFinding/v1']);

describe('purser scan --format sarif', () => {
  it('says of each finding what SARIF 2.1.0 asks for', async () => {
    const repo = sandbox();
    repo.secret('hunter2-canary');
    repo.write('a b/é.yaml', clear);
    const { run, code, text } = await sarif(repo);
    expect(code).toBe(1);
    expect(text).not.toContain('hunter2');
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.tool.driver.name).toBe('Purser');
    expect(run.results).toEqual([
      {
        ruleId: 'plaintext-secret',
        ruleIndex: 0,
        level: 'error',
        message: { text: expect.stringContaining('stringData.password of Secret db/main') },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'a%20b/%C3%A9.yaml' },
              region: { startLine: 7, startColumn: 13, endLine: 7, endColumn: 29 },
            },
            logicalLocations: [{ fullyQualifiedName: 'Secret/db/main/stringData.password' }],
          },
        ],
        partialFingerprints: { 'purserFinding/v1': expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  it('describes every rule that it reports, once', async () => {
    const repo = sandbox();
    repo.write('a.yaml', clear);
    repo.write('b.yaml', 'kind: Secret\nstringData:\n  password: gAAAAABhunter2\n  source-key: my-secret\n');
    const { run } = await sarif(repo);
    const { rules } = run.tool.driver;
    expect(rules.map(({ id }) => id)).toEqual(['malformed-ciphertext', 'plaintext-secret']);
    for (const rule of rules) {
      for (const text of [rule.shortDescription.text, rule.fullDescription.text, rule.help.text])
        expect(text).toMatch(/^[A-Z].*\.$/);
    }
    for (const { ruleId, ruleIndex } of run.results) expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(run.results.map(({ level }) => level).sort()).toEqual(['error', 'error', 'warning']);
  });

  it('maps information to a note, and obeys --level', async () => {
    const repo = sandbox();
    repo.write('.purser.yaml', 'version: 1\nrules: []\nseverity: {plaintext-secret: information}\n');
    repo.write('a.yaml', clear);
    expect((await sarif(repo)).run.results.map(({ level }) => level)).toEqual(['note']);
    expect((await sarif(repo, '--level', 'error')).run).toMatchObject({
      results: [],
      tool: { driver: { rules: [] } },
    });
  });

  it('keeps its fingerprints when lines move or the value changes, and has another for every place', async () => {
    const repo = sandbox();
    const several = `${clear}---\n${clear}---\n${clear.replace('main', 'other')}`;
    repo.write('a.yaml', several);
    const before = fingerprints((await sarif(repo)).run);
    expect(new Set(before).size).toBe(3);
    repo.write('a.yaml', `# moved\n${several.replaceAll('hunter2-canary', 'correct-horse-42')}`);
    expect(fingerprints((await sarif(repo)).run)).toEqual(before);
  });

  it('reports what could not be read, and whether all could be looked at', async () => {
    const repo = sandbox();
    repo.write('binary.yaml', new Uint8Array([0, 1, 2]));
    const { run, code } = await sarif(repo, 'binary.yaml', 'nope.yaml');
    expect(code).toBe(2);
    expect(run.invocations[0].executionSuccessful).toBe(false);
    expect(run.invocations[0].toolExecutionNotifications).toEqual([
      {
        level: 'warning',
        message: { text: expect.stringContaining('NUL') },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'binary.yaml' } } }],
      },
      expect.objectContaining({ message: { text: 'there is no such file' } }),
    ]);
  });

  it('lets no name of a manifest become a link', async () => {
    const repo = sandbox();
    repo.write('a.yaml', clear.replace('main', '"[x](command:y)"'));
    const { run } = await sarif(repo);
    expect(run.results[0]?.message.text).toContain('Secret db/\\[x\\](command:y) ');
  });
});
