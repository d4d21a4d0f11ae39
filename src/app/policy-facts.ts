import type { AppliedRule, PolicyFacts } from '../audit/audited-file.ts';
import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { kindTitle, recipientName } from '../crypto/sops/stanza.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import type { PolicyRule } from '../policy/policy.ts';
import { type SopsCreationRule, type SopsRule, sopsByDefault } from '../policy/sops-rule.ts';
import type { DocumentRecipient } from '../schemes/document-scheme.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import { isValueScheme, type SchemeRegistry } from '../schemes/registry.ts';
import type { Scheme, SchemeId } from '../schemes/scheme.ts';
import type { KeyRing } from './key-ring.ts';
import type { PolicyAnswer, PolicyFinder, SopsAnswer } from './policy-finder.ts';
import { sameFingerprint } from './sealing-key.ts';

/**
 * Turns what policy says of a file into what an audit must know. Where files share a rule, they share the facts, and its
 * keys are read once: make a new one of these when policies or keys may have changed.
 */
export class PolicyFactsFinder {
  readonly #policies: Pick<PolicyFinder, 'findSops'>;
  readonly #keys: Pick<KeyRing, 'resolve'>;
  readonly #registry: SchemeRegistry;
  readonly #facts = new WeakMap<PolicyRule, PolicyFacts>();
  readonly #recipients = new WeakMap<PolicyRule, Promise<ReadonlySet<string> | undefined>>();

  constructor(
    policies: Pick<PolicyFinder, 'findSops'>,
    keys: Pick<KeyRing, 'resolve'>,
    registry: SchemeRegistry,
  ) {
    this.#policies = policies;
    this.#keys = keys;
    this.#registry = registry;
  }

  /** What is known of a file without reading keys; with their names where they were read before. */
  async of(path: string, answer: PolicyAnswer): Promise<PolicyFacts | undefined> {
    const { rule } = answer;
    if (rule === undefined && answer.file !== undefined) return undefined;
    if (rule === undefined || rule.scheme === 'sops')
      return sopsFacts(rule, await this.#policies.findSops(path));
    const known = this.#facts.get(rule);
    if (known !== undefined) return known;
    const facts = { rule, recipients: undefined };
    this.#facts.set(rule, facts);
    return facts;
  }

  /**
   * As `of`, for a file that holds ciphertext: the names of the rule's keys are worked out, so cryptography may be
   * loaded. It is the same object again where they cannot be.
   */
  async ofSealed(path: string, answer: PolicyAnswer): Promise<PolicyFacts | undefined> {
    const facts = await this.of(path, answer);
    const { rule } = answer;
    if (rule === undefined || facts === undefined || facts.recipients !== undefined) return facts;
    const reading = this.#recipients.get(rule) ?? this.#recipientsOf(rule, answer);
    this.#recipients.set(rule, reading);
    const recipients = await reading;
    if (recipients === undefined) return facts;
    const known = this.#facts.get(rule);
    const more = known?.recipients === undefined ? { ...facts, recipients } : known;
    this.#facts.set(rule, more);
    return more;
  }

  async #recipientsOf(rule: PolicyRule, answer: PolicyAnswer): Promise<ReadonlySet<string> | undefined> {
    if (rule.scheme === 'sealed-secrets') return this.#certificatesOf(rule, answer);
    if (!isValueScheme(rule.scheme)) return undefined;
    const scheme = this.#registry.byId(rule.scheme);
    const recipients = new Set<string>();
    for (const reference of rule.keys) {
      const recipient = await this.#recipientOf(reference, scheme, answer);
      if (recipient === undefined) return undefined;
      recipients.add(recipient);
    }
    return recipients;
  }

  /** The fingerprints of a rule's certificates; undefined where one of them cannot be read. */
  async #certificatesOf(rule: PolicyRule, answer: PolicyAnswer): Promise<ReadonlySet<string> | undefined> {
    const { newestCertificate } = await import('../crypto/x509.ts');
    const fingerprints = new Set<string>();
    for (const reference of rule.keys) {
      const material = await this.#resolved(reference, rule.scheme, answer);
      const certificate = newestCertificate(utf8(material?.bytes.expose() ?? new Uint8Array()) ?? '');
      if (typeof certificate === 'string') return undefined;
      fingerprints.add(certificate.fingerprint);
    }
    return fingerprints;
  }

  /** Nobody is asked for a variable only because a file is looked at. */
  async #resolved(
    reference: KeyReference,
    scheme: SchemeId,
    { base, root }: PolicyAnswer,
  ): Promise<KeyMaterial | undefined> {
    if (reference.kind === 'env') return undefined;
    try {
      return await this.#keys.resolve(reference, scheme, { base, root });
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  /** What ciphertexts sealed to a key call it; undefined where that is not known. */
  async #recipientOf(
    reference: KeyReference,
    scheme: Scheme,
    answer: PolicyAnswer,
  ): Promise<string | undefined> {
    if (scheme.traits.sealsWith === 'symmetric') return reference.name;
    const material = await this.#resolved(reference, scheme.id, answer);
    if (material === undefined) return undefined;
    try {
      const { id, fingerprint = '' } = (await scheme.load()).inspect(material);
      const pin = reference.kind === 'path' ? reference.pin : undefined;
      return pin === undefined || sameFingerprint(pin, fingerprint) ? id : undefined;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }
}

/** Nothing is said of a file whose `.sops.yaml` cannot be read, unless a rule says that it is SOPS' own. */
function sopsFacts(rule: PolicyRule | undefined, answer: SopsAnswer | undefined): PolicyFacts | undefined {
  if (answer === undefined) return rule && { rule, recipients: undefined, sops: sopsByDefault };
  if (answer.rules === undefined) return rule && { rule, recipients: undefined };
  return new SopsFacts(rule, answer);
}

const sopsRule: AppliedRule = { scheme: 'sops', whole: false, openedBy: undefined };

/** Which creation rule matches takes longer to find out than to look through most files, so it waits to be asked. */
class SopsFacts implements PolicyFacts {
  readonly recipients = undefined;
  readonly #stated: PolicyRule | undefined;
  readonly #answer: SopsAnswer;
  #matching: { readonly rule: SopsCreationRule | undefined } | undefined;

  constructor(stated: PolicyRule | undefined, answer: SopsAnswer) {
    this.#stated = stated;
    this.#answer = answer;
  }

  get rule(): AppliedRule | undefined {
    return this.#stated ?? (this.#match() && sopsRule);
  }

  get sops(): SopsRule | undefined {
    return this.#match() ?? (this.#stated && sopsByDefault);
  }

  /** A `.sops.yaml` with a problem may mean somebody else. */
  get sopsRecipients(): readonly DocumentRecipient[] | undefined {
    if (this.#answer.problems.length > 0) return undefined;
    return this.#match()
      ?.groups.flat()
      .map((recipient) => ({ kind: kindTitle(recipient.kind), name: recipientName(recipient) }));
  }

  #match(): SopsCreationRule | undefined {
    const { rules, path } = this.#answer;
    this.#matching ??= { rule: rules?.ruleFor(path) };
    return this.#matching.rule;
  }
}
