import { describe, expect, it } from 'vitest';
import { openKubeconfig } from '../../../../src/app/clusters/open-kubeconfig.ts';
import { sealedIn } from '../../../../src/app/clusters/sealed-kubeconfigs.ts';
import { ManifestText } from '../../../../src/app/manifest-text.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import type { ValueSchemeId } from '../../../../src/schemes/scheme.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { secretYaml } from '../../../support/workspace.ts';
import { schemeCases } from '../../schemes/schemes.ts';
import { failureOf } from '../planning.ts';

const registry = allSchemes();
const clear = 'apiVersion: v1\nkind: Config\nusers: [{name: ci, user: {token: velvet-anchor}}]\n';
const keys =
  (...titles: readonly string[]) =>
  async (scheme: ValueSchemeId) =>
    schemeCases
      .filter(({ title, scheme: { id } }) => titles.includes(title) && id === scheme)
      .map(({ opens }) => opens);

/** A Secret with this value sealed in place. */
async function sealedSecret(title: string, name: string, key: string): Promise<string> {
  const row = schemeCases.find((one) => one.title === title);
  const manifest = ManifestText.read(secretYaml(name, { [key]: 'x' }));
  const values = manifest.entries().map((located) => ({ ...located, plaintext: Plaintext.fromText(clear) }));
  const signal = new AbortController().signal;
  if (row === undefined) throw new TypeError(title);
  const edits = await (await row.scheme.load()).seal({ text: manifest.text, values }, row.seals, signal);
  return applyEdits(manifest.text, edits);
}

async function open(text: string, keysFor: ReturnType<typeof keys>, mayOpen = false) {
  const asked: string[] = [];
  const [sealed] = sealedIn(text, '/repo/a', registry);
  if (sealed === undefined) throw new TypeError('nothing is sealed');
  const mayOpenMoved = async (place: string) => {
    asked.push(place);
    return mayOpen;
  };
  const bytes = new TextEncoder().encode(text);
  const opened = await openKubeconfig(sealed, bytes, { registry, keysFor, mayOpenMoved });
  return { text: opened?.exposeText(), asked };
}

describe('a sealed kubeconfig', () => {
  it.each(schemeCases.map(({ title }) => title))('that is a file of its own is opened: %s', async (title) => {
    const row = schemeCases.find((one) => one.title === title);
    const token = await (await row?.scheme.load())?.token?.seal(
      Plaintext.fromText(clear),
      row?.seals ?? schemeCases[0]!.seals,
    );
    expect(await open(`${token}\n`, keys(title))).toEqual({ text: clear, asked: [] });
  });

  it.each(schemeCases.map(({ title }) => title))('in a Secret is opened: %s', async (title) => {
    const text = await sealedSecret(title, 'ci', 'kubeconfig');
    expect(text).not.toContain('velvet');
    expect(await open(text, keys(title))).toEqual({ text: clear, asked: [] });
  });

  it('that was made for another place is opened only if the person wants that', async () => {
    const moved = (await sealedSecret('jwe with EC', 'ci', 'kubeconfig')).replace('name: ci', 'name: prod');
    expect(await open(moved, keys('jwe with EC'))).toEqual({ text: undefined, asked: ['db/ci#kubeconfig'] });
    expect(await open(moved, keys('jwe with EC'), true)).toMatchObject({ text: clear });
  });

  it('that was moved out of its Secret into a file asks too', async () => {
    const secret = await sealedSecret('jwe with EC', 'ci', 'kubeconfig');
    const token = /"(ey[^"]+)"/.exec(secret)?.[1] ?? '';
    expect(await open(token, keys('jwe with EC'))).toEqual({ text: undefined, asked: ['db/ci#kubeconfig'] });
    expect(await open(token, keys('jwe with EC'), true)).toMatchObject({ text: clear });
  });
});

describe('a kubeconfig that cannot be opened says why', () => {
  it('for want of a key', async () => {
    const text = await sealedSecret('fernet', 'ci', 'kubeconfig');
    const failure = await failureOf(open(text, keys()));
    expect(failure).toMatchObject({
      code: 'key.missing',
      place: { entry: 'stringData.kubeconfig', line: 7 },
    });
  });

  it('where the file changed since it was found', async () => {
    const text = await sealedSecret('fernet', 'ci', 'kubeconfig');
    const [sealed] = sealedIn(text, '/repo/a', registry);
    if (sealed === undefined) throw new TypeError('nothing is sealed');
    const given = { registry, keysFor: keys('fernet'), mayOpenMoved: async () => true };
    const openNow = (now: string, which = sealed) =>
      failureOf(openKubeconfig(which, new TextEncoder().encode(now), given));
    expect(await openNow(secretYaml('ci', { kubeconfig: clear }))).toMatchObject({
      code: 'entry.not-encrypted',
    });
    expect(await openNow(`${text}---\n${text}`)).toMatchObject({ code: 'entry.ambiguous' });
    const file = { ...sealed, entry: undefined, object: undefined };
    expect(await openNow(clear, file)).toMatchObject({ code: 'entry.not-encrypted' });
    expect(await openNow('gAAAAABmZmZm', file)).toMatchObject({ code: 'ciphertext.malformed' });
  });
});
