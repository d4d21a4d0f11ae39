import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../../src/policy/read-policy.ts';
import { stateOpener } from '../../../src/policy/state-opener.ts';

const policy = [
  'version: 1',
  'rules:',
  '  # the first',
  '  - path: a/**  # as ever',
  '    scheme: fernet',
  '    keys:',
  '      - local:one # mine',
  '',
  '  # the second',
  '  - path: "**"',
  '    scheme: jwe',
  '    keys: [k.pub.pem]',
  'ignore: [docs/**]',
  '',
].join('\n');

describe('saying in a rule what opens its values', () => {
  it.each([4, 10])('adds one line at the end of the rule on line %i, and changes nothing else', (line) => {
    const after = stateOpener(policy, line, 'webhook');
    const added = after.split('\n').filter((one) => one === '    opened-by: webhook');
    expect(added).toHaveLength(1);
    expect(after.replace('    opened-by: webhook\n', '')).toBe(policy);
    const { rules } = readPolicy(after).policy;
    expect(rules.map(({ openedBy }) => openedBy)).toEqual(
      line === 4 ? ['webhook', undefined] : [undefined, 'webhook'],
    );
  });

  it('keeps CRLF, and a text without a last line break', () => {
    const crlf = stateOpener(policy.replaceAll('\n', '\r\n'), 4, 'pipeline');
    expect(crlf.replaceAll('\r\n', '')).not.toContain('\n');
    const short = 'version: 1\nrules:\n- path: a\n  scheme: jwe\n  keys: [a.pem]';
    expect(stateOpener(short, 3, 'pipeline')).toBe(`${short}\n  opened-by: pipeline\n`);
  });

  it('refuses where there is no such rule, where it says so already, and what it cannot add a line to', () => {
    expect(() => stateOpener(policy, 5, 'webhook')).toThrow('document.changed');
    expect(() => stateOpener(stateOpener(policy, 4, 'webhook'), 4, 'pipeline')).toThrow('document.changed');
    const flow = 'version: 1\nrules: [{path: a, scheme: jwe, keys: [a.pem]}]\n';
    expect(() => stateOpener(flow, 2, 'webhook')).toThrow('policy.invalid');
    expect(() => stateOpener('version: 3\n', 1, 'webhook')).toThrow('policy.invalid');
  });
});
