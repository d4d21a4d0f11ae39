import manifest from '../../package.json' with { type: 'json' };
import texts from '../../package.nls.json' with { type: 'json' };

const byKey: Readonly<Record<string, string>> = texts;

/** package.json as a person sees it who has no translation: texts in the place of their keys. */
export const shownManifest = JSON.parse(JSON.stringify(manifest), (_, value: unknown) =>
  typeof value === 'string' && /^%[^%]+%$/.test(value) ? (byKey[value.slice(1, -1)] ?? value) : value,
) as typeof manifest;
