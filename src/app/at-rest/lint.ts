import { configurationFindings } from '../../audit/at-rest/configuration-findings.ts';
import type { ServerOptions } from '../../audit/at-rest/judge-configuration.ts';
import { Finding } from '../../audit/finding.ts';
import { contentOf, splitDocuments } from '../../manifest/documents.ts';
import { tellDocument } from '../../manifest/parse.ts';

/**
 * Judges a whole file as kube-apiserver is given it: behind `purser atrest lint FILE`. First what kube-apiserver says, word for
 * word and in its order, then advice, then keys that everybody knows; errors are what keeps it from starting, and sample keys.
 * It reads strictly, by the YAML parser, and takes the file for what it is: templates, placeholders and files of SOPS are
 * refused as kube-apiserver refuses them, which `scan` does not. Comments silence nothing.
 */
export function lintConfiguration(text: string, options: ServerOptions): readonly Finding[] {
  return [...configurationFindings(text, options, tellDocument), ...unread(text)];
}

/** Documents after the first, which kube-apiserver does not look at. */
function unread(text: string): readonly Finding[] {
  const [, ...others] = splitDocuments(text).flatMap((document) => {
    const { start, end } = contentOf(text, document);
    const content = /^(?!\.\.\.\s*$)[ \t]*([^\s#%].*)$/m.exec(text.slice(start, end))?.[1];
    return content === undefined ? [] : [{ start, end, content }];
  });
  return others.map(({ start, end, content }) => {
    const at = text.indexOf(content, start);
    const span = { start: at, end: Math.min(end, at + content.length) };
    const place = { span, object: undefined, entry: undefined, located: undefined };
    return new Finding(place, 'at-rest/masked-rule', 'warning', onlyFirst);
  });
}

const onlyFirst = 'kube-apiserver reads the first document of a file only: this one has no effect';
