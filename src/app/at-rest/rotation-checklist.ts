import * as l10n from '@vscode/l10n';
import { printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { onOneLine, shown } from '../sentence.ts';
import { type KeptRotation, keptStatus, type RotationFile } from './kept-rotation.ts';
import { type RotationStatus, rotationSteps } from './rotation.ts';
import { actionsFor, type RotationAction } from './rotation-actions.ts';
import type { RotationProof } from './rotation-proof.ts';
import { stepInWords, waitInWords } from './rotation-sentences.ts';
import { recentSightings, type ServerSighting } from './server-sightings.ts';

/** A rotation as a text to be read, with what may be done and above which line. Names and hashes only. */
export interface Checklist {
  readonly text: string;
  /** Of the next step, or of what is said instead of steps, from 0; undefined where all are done. */
  readonly line: number | undefined;
  readonly actions: readonly RotationAction[];
}

/** What a checklist is made of. */
export interface ChecklistFacts {
  readonly kept: KeptRotation;
  /** The file as the person knows it: its path in the workspace. */
  readonly fileName: string;
  /** What it holds now, or why that is not known, as a sentence. */
  readonly file: RotationFile | string;
  /** Why the cluster could not be asked, as a sentence. */
  readonly trouble: string | undefined;
  readonly now: number;
  /** A moment as people read it. */
  readonly time: (at: number) => string;
}

export function checklistOf(facts: ChecklistFacts): Checklist {
  const { kept, file, now } = facts;
  const head = headOf(facts);
  const status = typeof file === 'string' ? undefined : keptStatus(kept, file, now);
  if (typeof file === 'string') return { text: textOf([...head, file]), line: head.length, actions: ['ask'] };
  if (status === undefined) {
    const words = l10n.t(
      'Neither {0} nor {1} writes in this file any more: put one of them first again, or give this rotation up.',
      shown(kept.from),
      shown(kept.to),
    );
    return { text: textOf([...head, words]), line: head.length, actions: ['ask'] };
  }
  const steps = rotationSteps.map((_, index) => stepLines(index, status, kept));
  const before = status.next === undefined ? [] : steps.slice(0, rotationSteps.indexOf(status.next));
  const line = status.next === undefined ? undefined : head.length + before.flat().length;
  const after = status.next === undefined ? ['', ...afterwards(kept)] : [];
  const lines = [...head, ...steps.flat(), ...after, '', ...seenLines(facts, file)];
  return { text: textOf(lines), line, actions: actionsFor(status) };
}

function headOf({ kept, fileName }: ChecklistFacts): readonly string[] {
  const { from, to, clusterTitle } = kept;
  return [
    `# ${l10n.t('Rotate the encryption key of {0}', shown(clusterTitle))}`,
    '',
    l10n.t('From {0} to {1}, in {2}.', shown(from), shown(to), shown(fileName)),
    '',
  ];
}

/** A step, and below the next one what it waits for; as wide as an editor with something beside it. */
function stepLines(
  index: number,
  { done, next, wait }: RotationStatus,
  kept: KeptRotation,
): readonly string[] {
  const step = rotationSteps[index];
  if (step === undefined) return [];
  const mark = done.has(step) ? '[x]' : step === next ? '→  ' : '[ ]';
  const lines = wrapped(l10n.t('{0}.', stepInWords(step, kept)), `${mark} ${index + 1}. `);
  return step === next && wait !== undefined ? [...lines, ...wrapped(waitInWords(wait, kept))] : lines;
}

const width = 110;
const indent = ' '.repeat('[ ] 1. '.length);

function wrapped(sentence: string, first = indent): readonly string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of onOneLine(sentence).split(' ')) {
    const isNew = line === first || line === indent;
    if (!isNew && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line += isNew ? word : ` ${word}`;
  }
  return [...lines, line];
}

function afterwards({ from, to }: KeptRotation): readonly string[] {
  const done = l10n.t('All steps are done. Roll the file out once more.');
  if (from === 'identity') return [done];
  const keep = l10n.t(
    'Keep {0} for as long as there are backups of etcd from before: nothing else opens what is in them.',
    shown(from),
  );
  if (to !== 'identity') return [done, keep];
  const flag = '--encryption-provider-config';
  return [done, l10n.t('When every API server has loaded it, {0} may be taken away.', flag), keep];
}

function seenLines(facts: ChecklistFacts, file: RotationFile): readonly string[] {
  const { kept, trouble, now, time } = facts;
  const count = kept.seen.count ?? kept.stated;
  const recent = recentSightings({ ...kept.seen, count }, now);
  const named = recent.filter(({ apiserver }) => apiserver !== '').length;
  const title = shown(kept.clusterTitle);
  const heading =
    kept.askedAt === undefined
      ? l10n.t('What {0} was seen to run (not asked yet)', title)
      : l10n.t('What {0} was seen to run (last asked at {1})', title, time(kept.askedAt));
  return [
    `## ${heading}`,
    '',
    ...(trouble === undefined ? [] : [trouble, '']),
    count === undefined
      ? l10n.t('API servers seen in the last ten minutes: {0} of an unknown number.', named)
      : l10n.t('API servers seen in the last ten minutes: {0} of {1}.', named, count),
    ...recent.map((sighting) => sightingLine(sighting, file, facts)),
    ...bareLine(kept.seen.unconfigured),
    l10n.t('This file is {0}.', shortHash(file.hash)),
    ...reloadLine(kept.reloads),
    l10n.t('What is rotated: {0}.', file.resources.map(printGroupResource).map(shown).join(', ')),
    ...(kept.proof === undefined ? [] : [proofLine(kept.proof, file, time)]),
  ];
}

function sightingLine(
  { apiserver, hash, at, writers }: ServerSighting,
  file: RotationFile,
  { kept, time }: ChecklistFacts,
): string {
  const who = apiserver === '' ? l10n.t('An API server') : l10n.t('API server {0}', shortHash(apiserver));
  const what = runs(hash, file, kept);
  if (writers === undefined || writers.length === 0)
    return `- ${l10n.t('{0} at {1}: {2}.', who, time(at), what)}`;
  const wrote = writers.map(shown).reduce((some, one) => l10n.t('{0} and {1}', some, one));
  return `- ${l10n.t('{0} at {1}: {2}, {3} wrote.', who, time(at), what, wrote)}`;
}

function runs(hash: string, file: RotationFile, { states, from, to }: KeptRotation): string {
  if (hash === '') return l10n.t('no configuration');
  const name = shortHash(hash);
  if (hash === file.hash) return l10n.t('this file ({0})', name);
  const state = states.find((one) => one.hash === hash);
  if (state === undefined) return l10n.t('another configuration ({0})', name);
  const { arrangement } = state;
  if (arrangement === 'added' || arrangement === 'swapped')
    return l10n.t('an earlier state of this file, which reads with both ({0})', name);
  const only = shown(arrangement === 'old' ? from : to);
  return l10n.t('an earlier state of this file, which reads with {0} alone ({1})', only, name);
}

function bareLine(unconfigured: number): readonly string[] {
  if (unconfigured === 0) return [];
  const flag = '--encryption-provider-config';
  return [
    unconfigured === 1
      ? `- ${l10n.t('1 API server is started without {0}.', flag)}`
      : `- ${l10n.t('{0} API servers are started without {1}.', unconfigured, flag)}`,
  ];
}

function reloadLine(reloads: boolean | undefined): readonly string[] {
  if (reloads === undefined) return [];
  return [
    reloads
      ? l10n.t('API servers load a changed file by themselves, within a minute or two.')
      : l10n.t('API servers load a changed file only when they are restarted.'),
  ];
}

function proofLine(
  { how, at, resources, stale, hash }: RotationProof,
  file: RotationFile,
  time: (at: number) => string,
): string {
  const names = resources.map(shown).join(', ');
  const isVoid =
    hash === file.hash || file.arrangement === 'removed'
      ? ''
      : ` ${l10n.t('It is of another state of this file.')}`;
  if (how === 'snapshot') return `${leftLine(stale, time(at))}${isVoid}`;
  const what = names === '' ? l10n.t('nothing yet') : names;
  const words =
    how === 'replace'
      ? l10n.t('Written anew one after the other, the last at {0}: {1}.', time(at), what)
      : l10n.t('Written anew by a storage version migration, the last at {0}: {1}.', time(at), what);
  return `${words}${isVoid}`;
}

function leftLine(stale: number, when: string): string {
  return stale === 1
    ? l10n.t('By an etcd snapshot audited at {0}, 1 object is left to be written anew.', when)
    : l10n.t('By an etcd snapshot audited at {0}, {1} objects are left to be written anew.', when, stale);
}

/** `sha256:3fa9c1d2…`: enough to compare by eye. */
function shortHash(hash: string): string {
  const text = shown(hash);
  const digits = /^sha256:[0-9a-f]{9,}$/.test(text) ? 15 : 16;
  return text.length > digits ? `${text.slice(0, digits)}…` : text;
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
