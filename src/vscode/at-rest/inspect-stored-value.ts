import { l10n } from 'vscode';
import { writerInWords } from '../../app/at-rest/key-words.ts';
import { storedFields } from '../../app/at-rest/stored-fields.ts';
import { readEtcdValue, type StoredReading } from '../../app/at-rest/stored-reading.ts';
import { failed, ok } from '../../core/result.ts';
import { readStoredMark } from '../../crypto/at-rest/stored-mark.ts';
import type { StoredObject } from '../../crypto/at-rest/stored-object.ts';
import { requireTrust } from '../opening.ts';
import { type PeekHeading, type PeekValue, showPeek } from '../peek-values.ts';
import { plainLabel } from '../plain-text.ts';
import type { Services } from '../services.ts';
import { askEtcdKey, askStoredValue } from './ask-stored-value.ts';
import { chooseConfiguration } from './choose-configuration.ts';

/** Inspect Stored Value: what wrote a raw value of etcd, and the object in it. It is never a document. */
export async function inspectStoredValue(services: Services): Promise<void> {
  requireTrust();
  const found = await askStoredValue(services);
  if (found === undefined) return;
  const { value } = found;
  const { provider } = readStoredMark(value);
  const isClear = provider === 'identity';
  const etcdKey = found.etcdKey ?? (isClear ? '' : await askEtcdKey());
  if (etcdKey === undefined) return;
  const opensHere = provider === 'secretbox' || provider === 'aescbc' || provider === 'aesgcm';
  const chosen = opensHere
    ? await chooseConfiguration(
        l10n.t('Which EncryptionConfiguration may have its key?'),
        l10n.t('None: only say which key wrote it'),
        services,
      )
    : { configuration: undefined };
  if (chosen === undefined) return;
  show(etcdKey, readEtcdValue(value, etcdKey, chosen.configuration), services);
}

function show(etcdKey: string, { writer, kmsKeyId, opened }: StoredReading, services: Services): void {
  const words = writerInWords(writer, kmsKeyId);
  const wrote = {
    label: `$(${writer.provider === 'identity' ? 'warning' : 'lock'}) ${plainLabel(sentenceCase(words))}`,
    description: plainLabel(etcdKey),
  };
  const title = l10n.t('Stored Value: values stay hidden until you reveal them');
  if (!opened.ok) {
    const { code } = opened.failure;
    const why = {
      name: l10n.t('not opened'),
      key: code,
      opened: failed<never>(opened.failure),
      at: undefined,
    };
    return showPeek([why], services.clipboard, { title, facts: [wrote] });
  }
  const { object, fields } = storedFields(opened.value);
  const values = fields.map(
    ({ name, key, value }): PeekValue => ({ name, key, opened: ok(value), at: undefined }),
  );
  showPeek(values, services.clipboard, { title, facts: [wrote, ...factsOf(object)] });
}

function factsOf(object: StoredObject | undefined): PeekHeading['facts'] {
  if (object === undefined)
    return [{ label: `$(question) ${l10n.t('No Kubernetes object that Purser reads')}`, description: '' }];
  const { apiVersion, kind, metadata, secret, form } = object;
  const name = [metadata.namespace, metadata.name].filter((part) => part !== '').join('/');
  const isPartial = secret === undefined && form === 'protobuf';
  const details = [apiVersion, secret?.type, isPartial ? l10n.t('only its metadata is read') : undefined];
  const description = details.filter((part) => part !== undefined && part !== '').join(' · ');
  return [
    { label: `$(symbol-object) ${plainLabel(`${kind} ${name}`)}`, description: plainLabel(description) },
  ];
}

function sentenceCase(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
