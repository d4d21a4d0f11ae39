import { Failure } from '../../core/errors.ts';
import type { BoltMeta } from './bolt-meta.ts';
import type { FileWindow } from './file-window.ts';

/** One key with its value, as places in the file. */
export interface BoltElement {
  readonly isBucket: boolean;
  readonly keyAt: number;
  readonly keyBytes: number;
  readonly valueAt: number;
  readonly valueBytes: number;
}

/** The root of a tree: a page, or, of a small bucket, a page inside the value of its parent. */
export interface BoltRoot {
  readonly at: number;
  readonly end: number;
}

interface Frame extends BoltRoot {
  readonly isLeaf: boolean;
  /** Elements not visited yet; the last of them is next. */
  left: number;
}

const headerBytes = 16;
const elementBytes = 16;
const bucketHeaderBytes = 16;
const branchFlag = 1;
const leafFlag = 2;
const deepest = 32;

/**
 * The B+ tree of a bbolt file (go.etcd.io/bbolt, internal/common/page.go). Everything read from it is checked against the file
 * before it is followed: a walk visits no more pages than there are, so that circles end. Throws Failure `snapshot.malformed`.
 */
export class BoltTree {
  readonly #file: FileWindow;
  readonly #meta: BoltMeta;

  constructor(file: FileWindow, meta: BoltMeta) {
    this.#file = file;
    this.#meta = meta;
  }

  /** The bucket of this name at the top, or undefined. */
  bucket(name: string): BoltRoot | undefined {
    for (const element of this.elements(this.#page(this.#meta.root)))
      if (element.isBucket && this.#hasName(element, name)) return this.#rootOf(element);
    return undefined;
  }

  #hasName({ keyAt, keyBytes }: BoltElement, name: string): boolean {
    return keyBytes === name.length && this.#file.bytes(keyAt, keyBytes).toString('latin1') === name;
  }

  #rootOf({ valueAt, valueBytes }: BoltElement): BoltRoot {
    if (valueBytes < bucketHeaderBytes) throw malformed('a bucket has no root');
    const page = this.#file.u64(valueAt);
    return page === 0 ? { at: valueAt + bucketHeaderBytes, end: valueAt + valueBytes } : this.#page(page);
  }

  /** Every element below a root, the highest key first. */
  *elements(root: BoltRoot): Generator<BoltElement> {
    let pages = this.#meta.pages;
    const enter = (node: BoltRoot) => {
      pages -= Math.max(1, (node.end - node.at) / this.#meta.pageSize);
      if (pages < 0) throw malformed('its pages lead back to each other');
      return this.#frame(node);
    };
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (frame.left === 0) {
        frames.pop();
        continue;
      }
      frame.left--;
      if (frame.isLeaf) yield this.#leafElement(frame, frame.left);
      else if (frames.length < deepest) frames.push(enter(this.#child(frame, frame.left)));
      else throw malformed('its pages lead back to each other');
    }
  }

  /** Where a page stands, with those that it overflows into. */
  #page(id: number): BoltRoot {
    const { pageSize, pages } = this.#meta;
    if (id < 2 || id >= pages) throw malformed('a page lies outside of it');
    const at = id * pageSize;
    const overflow = this.#file.u32(at + 12);
    if (this.#file.u64(at) !== id) throw malformed(`page ${id} is not where it should be`);
    if (id + 1 + overflow > pages) throw malformed(`page ${id} is longer than the file`);
    return { at, end: at + (1 + overflow) * pageSize };
  }

  #frame({ at, end }: BoltRoot): Frame {
    if (end - at < headerBytes) throw malformed('a page is too short');
    const flags = this.#file.u16(at + 8);
    const left = this.#file.u16(at + 10);
    if (flags !== leafFlag && flags !== branchFlag) throw malformed('a page is neither branch nor leaf');
    if (at + headerBytes + left * elementBytes > end) throw malformed('a page has more elements than room');
    return { at, end, left, isLeaf: flags === leafFlag };
  }

  #child(frame: Frame, index: number): BoltRoot {
    return this.#page(this.#file.u64(frame.at + headerBytes + index * elementBytes + 8));
  }

  #leafElement(frame: Frame, index: number): BoltElement {
    const at = frame.at + headerBytes + index * elementBytes;
    const keyAt = at + this.#file.u32(at + 4);
    const keyBytes = this.#file.u32(at + 8);
    const valueBytes = this.#file.u32(at + 12);
    const valueAt = keyAt + keyBytes;
    if (valueAt + valueBytes > frame.end) throw malformed('a value lies outside of its page');
    return { isBucket: this.#file.u32(at) === 1, keyAt, keyBytes, valueAt, valueBytes };
  }
}

function malformed(reason: string): Failure<'snapshot.malformed'> {
  return new Failure('snapshot.malformed', { reason });
}
