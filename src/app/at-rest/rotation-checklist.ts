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
    const words = `Neither ${shown(kept.from)} nor ${shown(kept.to)} writes in this file any more: put one of them first again, or give this rotation up.`;
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
    `# Rotate the encryption key of ${shown(clusterTitle)}`,
    '',
    `From ${shown(from)} to ${shown(to)}, in ${shown(fileName)}.`,
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
  const lines = wrapped(`${stepInWords(step, kept)}.`, `${mark} ${index + 1}. `);
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
  const done = 'All steps are done. Roll the file out once more.';
  if (from === 'identity') return [done];
  const keep = `Keep ${shown(from)} for as long as there are backups of etcd from before: nothing else opens what is in them.`;
  if (to !== 'identity') return [done, keep];
  const flag = '--encryption-provider-config';
  return [done, `When every API server has loaded it, ${flag} may be taken away.`, keep];
}

function seenLines(facts: ChecklistFacts, file: RotationFile): readonly string[] {
  const { kept, trouble, now, time } = facts;
  const count = kept.seen.count ?? kept.stated;
  const recent = recentSightings({ ...kept.seen, count }, now);
  const asked = kept.askedAt === undefined ? 'not asked yet' : `last asked at ${time(kept.askedAt)}`;
  const named = recent.filter(({ apiserver }) => apiserver !== '').length;
  return [
    `## What ${shown(kept.clusterTitle)} was seen to run (${asked})`,
    '',
    ...(trouble === undefined ? [] : [trouble, '']),
    `API servers seen in the last ten minutes: ${named} of ${count ?? 'an unknown number'}.`,
    ...recent.map((sighting) => sightingLine(sighting, file, facts)),
    ...bareLine(kept.seen.unconfigured),
    `This file is ${shortHash(file.hash)}.`,
    ...reloadLine(kept.reloads),
    `What is rotated: ${file.resources.map(printGroupResource).map(shown).join(', ')}.`,
    ...(kept.proof === undefined ? [] : [proofLine(kept.proof, file, time)]),
  ];
}

function sightingLine(
  { apiserver, hash, at, writers }: ServerSighting,
  file: RotationFile,
  { kept, time }: ChecklistFacts,
): string {
  const who = apiserver === '' ? 'An API server' : `API server ${shortHash(apiserver)}`;
  const wrote =
    writers === undefined || writers.length === 0 ? '' : `, ${writers.map(shown).join(' and ')} wrote`;
  return `- ${who} at ${time(at)}: ${runs(hash, file, kept)}${wrote}.`;
}

function runs(hash: string, file: RotationFile, { states, from, to }: KeptRotation): string {
  if (hash === '') return 'no configuration';
  if (hash === file.hash) return `this file (${shortHash(hash)})`;
  const name = shortHash(hash);
  const state = states.find((one) => one.hash === hash);
  if (state === undefined) return `another configuration (${name})`;
  const reads = {
    old: `${shown(from)} alone`,
    added: 'both',
    swapped: 'both',
    removed: `${shown(to)} alone`,
  };
  return `an earlier state of this file, which reads with ${reads[state.arrangement]} (${name})`;
}

function bareLine(unconfigured: number): readonly string[] {
  if (unconfigured === 0) return [];
  const servers = unconfigured === 1 ? '1 API server is' : `${unconfigured} API servers are`;
  return [`- ${servers} started without --encryption-provider-config.`];
}

function reloadLine(reloads: boolean | undefined): readonly string[] {
  if (reloads === undefined) return [];
  return [
    reloads
      ? 'API servers load a changed file by themselves, within a minute or two.'
      : 'API servers load a changed file only when they are restarted.',
  ];
}

function proofLine(
  { how, at, resources, stale, hash }: RotationProof,
  file: RotationFile,
  time: (at: number) => string,
): string {
  const names = resources.map(shown).join(', ');
  const isVoid =
    hash === file.hash || file.arrangement === 'removed' ? '' : ' It is of another state of this file.';
  if (how === 'snapshot') {
    const left = stale === 1 ? '1 object is' : `${stale} objects are`;
    return `By an etcd snapshot audited at ${time(at)}, ${left} left to be written anew.${isVoid}`;
  }
  const way = how === 'replace' ? 'one after the other' : 'by a storage version migration';
  return `Written anew ${way}, the last at ${time(at)}: ${names === '' ? 'nothing yet' : names}.${isVoid}`;
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
