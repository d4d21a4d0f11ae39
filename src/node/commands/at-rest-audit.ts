import { resolve } from 'node:path';
import { auditJson } from '../../app/at-rest/audit-json.ts';
import { auditScope } from '../../app/at-rest/audit-scope.ts';
import { auditText } from '../../app/at-rest/audit-text.ts';
import { needsAction } from '../../app/at-rest/audited-snapshot.ts';
import { Failure } from '../../core/errors.ts';
import { lookThroughSnapshot } from '../snapshot-file.ts';
import { configurationFile } from './configuration-file.ts';
import type { CliContext, ExitCode } from './context.ts';
import { usage } from './file-io.ts';

export interface AuditOptions {
  readonly path: string;
  readonly config: string | undefined;
  readonly keys: readonly string[];
  readonly format: string;
}

const formats = { text: auditText, json: auditJson } as const;

/** `purser atrest audit`: what an etcd snapshot holds, by names. */
export async function auditStored(options: AuditOptions, context: CliContext): Promise<ExitCode> {
  const { path, config, keys, format } = options;
  const { terminal } = context;
  if (!isFormat(format)) throw usage(`--format takes text or json, not ${format}`);
  if (path === '-') throw usage('a snapshot is read from its end: name its file');
  const configuration = await configurationFile(config, keys, context);
  const file = resolve(terminal.cwd, path);
  try {
    const { signal } = new AbortController();
    const found = await lookThroughSnapshot(file, auditScope(configuration), signal);
    const snapshot = { ...found, path, configuration };
    terminal.out(formats[format](snapshot));
    return needsAction(snapshot) ? 1 : 0;
  } catch (error) {
    throw error instanceof Failure ? error.at({ path }) : error;
  }
}

function isFormat(text: string): text is keyof typeof formats {
  return Object.hasOwn(formats, text);
}
