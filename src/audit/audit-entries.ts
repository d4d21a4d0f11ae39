import type { Located } from '../manifest/address.ts';
import type { Entry, KubeObject } from '../manifest/manifest.ts';
import type { Description, EnvelopeGroup, Found } from '../schemes/scheme.ts';
import type { AppliedPolicy } from './audited-file.ts';
import type { Described } from './descriptions.ts';
import { type Finding, placeOf } from './finding.ts';
import { malformedCiphertext } from './malformed-ciphertext.ts';
import { movedCiphertext } from './moved-ciphertext.ts';
import { noClusterOpener } from './no-cluster-opener.ts';
import { bothPitfalls, neverUsed, type Pitfall } from './pitfall.ts';
import { plaintextSecret } from './plaintext-secret.ts';
import { unencryptedByPolicy } from './unencrypted-by-policy.ts';
import { overwritten, valuePitfall } from './value-pitfall.ts';
import type { Judged, JudgedValue } from './verdicts.ts';
import { wrongRecipient } from './wrong-recipient.ts';
import { sopsWhereOther, wrongScheme } from './wrong-scheme.ts';

/** A ciphertext that was recognised, and what it says of itself. */
interface Sealed {
  readonly group: EnvelopeGroup;
  readonly description: Description;
}

/**
 * Looks at the values of Secrets one by one: at most one finding each, the most specific, and what is told once a
 * Secret. Loops, not chains of arrays: this runs on each keystroke in a Secret of thousands of keys.
 */
export class EntryAudit {
  readonly #text: string;
  readonly #policy: AppliedPolicy | undefined;
  readonly #judged: Judged;
  readonly #damaged: ReadonlyMap<Entry, Finding>;
  readonly #sealed: ReadonlyMap<Entry, Sealed>;
  /** The Secret that is being looked at, and what holds for all of its values. */
  #object: KubeObject | undefined;
  #overwritten: ReadonlySet<Entry> | undefined;
  #toldOpener = false;
  #toldSops = false;

  constructor(
    text: string,
    found: Found,
    described: Described,
    judged: Judged,
    policy: AppliedPolicy | undefined,
  ) {
    this.#text = text;
    this.#judged = judged;
    this.#policy = policy;
    this.#damaged = new Map(
      found.malformed.map((envelope) => [envelope.entry, malformedCiphertext(envelope)]),
    );
    this.#sealed = sealedEntries(described);
  }

  findings(tell: (finding: Finding) => void): void {
    const { entries, values } = this.#judged;
    for (const [index, located] of entries.entries()) {
      const value = values[index];
      if (value === undefined) continue;
      if (located.object !== this.#object) this.#begin(located.object);
      const finding = this.#findingOf(located, value, tell);
      if (finding !== undefined) tell(finding);
    }
  }

  #findingOf(located: Located, value: JudgedValue, tell: (finding: Finding) => void): Finding | undefined {
    if (value.token === undefined) return this.#ofOpen(located, value) ?? this.#ofPitfall(located, value);
    const sealed = this.#sealed.get(located.entry);
    if (sealed !== undefined) this.#tellOpener(located, tell);
    return (
      this.#damaged.get(located.entry) ??
      (sealed === undefined ? this.#ofOpen(located, value) : this.#ofSealed(located, sealed)) ??
      this.#ofPitfall(located, value)
    );
  }

  #begin(object: KubeObject): void {
    this.#object = object;
    this.#overwritten = overwritten(object, this.#text);
    this.#toldOpener = false;
    this.#toldSops = false;
  }

  #tellOpener(located: Located, tell: (finding: Finding) => void): void {
    if (this.#toldOpener || this.#policy?.rule.openedBy !== undefined) return;
    this.#toldOpener = true;
    tell(noClusterOpener(located));
  }

  #ofSealed(located: Located, { group, description }: Sealed): Finding | undefined {
    const moved = movedCiphertext(located, description);
    if (moved !== undefined || this.#policy === undefined) return moved;
    const place = placeOf(located);
    return wrongScheme(place, group.scheme, this.#policy) ?? wrongRecipient(place, description, this.#policy);
  }

  #ofOpen(located: Located, value: JudgedValue): Finding | undefined {
    const { verdict } = value;
    if (verdict.judgement === 'encrypted') return this.#ofSops(located);
    const pitfall = this.#pitfallOf(located, value);
    return (
      unencryptedByPolicy(located, verdict, this.#policy, pitfall) ??
      plaintextSecret(located, verdict, pitfall)
    );
  }

  /** A SOPS document is sealed as a whole: it is told once. */
  #ofSops(located: Located): Finding | undefined {
    if (this.#policy === undefined || this.#toldSops) return undefined;
    const finding = sopsWhereOther(located, this.#policy);
    this.#toldSops = finding !== undefined;
    return finding;
  }

  #ofPitfall(located: Located, value: JudgedValue): Finding | undefined {
    const pitfall = this.#pitfallOf(located, value);
    return pitfall === undefined ? undefined : valuePitfall(located, pitfall);
  }

  #pitfallOf({ entry }: Located, { pitfall }: JudgedValue): Pitfall | undefined {
    if (this.#overwritten?.has(entry) !== true) return pitfall;
    return pitfall === undefined ? neverUsed(entry) : bothPitfalls(pitfall, neverUsed(entry));
  }
}

function sealedEntries({ groups, descriptions }: Described): ReadonlyMap<Entry, Sealed> {
  const sealed = new Map<Entry, Sealed>();
  for (const [index, group] of groups.entries()) {
    const description = descriptions[index];
    if (description === undefined) continue;
    for (const { entry } of group.envelopes) sealed.set(entry, { group, description });
  }
  return sealed;
}
