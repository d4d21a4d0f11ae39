/** A Secret as a manifest, its values written plain and unquoted; `data` values are encoded here. */
export function secretManifest(
  name: string,
  stringData: Readonly<Record<string, string>>,
  data: Readonly<Record<string, string>> = {},
): string {
  const lines = ['apiVersion: v1', 'kind: Secret', 'metadata:', `  name: ${name}`, '  namespace: shop'];
  lines.push('stringData:', ...Object.entries(stringData).map(([key, value]) => `  ${key}: ${value}`));
  const encoded = Object.entries(data).map(
    ([key, value]) => `  ${key}: ${Buffer.from(value).toString('base64')}`,
  );
  if (encoded.length > 0) lines.push('data:', ...encoded);
  return `${lines.join('\n')}\n`;
}

/** The line, from 1, on which a key of a Secret stands. */
export function lineOf(text: string, key: string): number {
  const index = text.split('\n').findIndex((line) => line.trimStart().startsWith(`${key}:`));
  if (index === -1) throw new Error(`no line holds ${key}`);
  return index + 1;
}
