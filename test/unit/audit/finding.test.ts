import { config } from '@vscode/l10n';
import { afterEach, describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { Finding } from '../../../src/audit/finding.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { registry } from '../schemes/schemes.ts';

const secret =
  'kind: Secret\nmetadata:\n  name: db\nstringData:\n  password: hunter2hunter\n  username: "admin\\n"\n';

const german = {
  '{0} of {1}': '{0} von {1}',
  '{0} is not encrypted ({1})': 'Unverschlüsselt ist {0}: {1}',
  'the key name says {0}': 'der Name des Schlüssels enthält {0}',
  '{0} ends with a newline, which the workload gets too':
    '{0} endet mit einem Zeilenumbruch, den der Workload mitbekommt',
};

afterEach(() => config({ contents: {} }));

describe("a finding's message", () => {
  it("is in the person's language, whole, also where that was told after the finding was made", () => {
    const { findings } = audit(scan(secret), registry);
    config({ contents: german });
    expect(findings.map(({ message }) => message)).toEqual([
      'Unverschlüsselt ist stringData.password von Secret db: der Name des Schlüssels enthält password',
      'stringData.username von Secret db endet mit einem Zeilenumbruch, den der Workload mitbekommt',
    ]);
  });

  it('is in English where nothing is translated', () => {
    expect(audit(scan(secret), registry).findings.map(({ message }) => message)).toEqual([
      'stringData.password of Secret db is not encrypted (the key name says password)',
      'stringData.username of Secret db ends with a newline, which the workload gets too',
    ]);
  });

  it('begins with what is the matter where the place has no name', () => {
    const place = { span: { start: 0, end: 1 }, object: undefined, entry: undefined, located: undefined };
    const said = (matter: ConstructorParameters<typeof Finding>[3]) =>
      new Finding(place, 'value-pitfall', 'warning', matter).message;
    expect(said('is wrong')).toBe('is wrong');
    expect(said((where) => `${where} is wrong`)).toBe('is wrong');
  });
});
