import { objectOf, textOf } from './json.ts';

/** What is known of a kind's objects, by namespace and name; of each only what `read` made of it. */
export class ObjectStore<T> {
  readonly #read: (object: unknown) => T | undefined;
  readonly #most: number;
  readonly #objects = new Map<string, T>();
  #truncated = false;

  /** @param read undefined for what it cannot make anything of: that is left out */
  constructor(read: (object: unknown) => T | undefined, most: number) {
    this.#read = read;
    this.#most = most;
  }

  /** Whether there were more than are held. */
  get truncated(): boolean {
    return this.#truncated;
  }

  objects(): readonly T[] {
    return [...this.#objects.values()];
  }

  set(object: unknown): void {
    const key = keyOf(object);
    if (key === undefined) return;
    const read = this.#read(object);
    if (read === undefined) this.#objects.delete(key);
    else if (this.#objects.size < this.#most || this.#objects.has(key)) this.#objects.set(key, read);
    else this.#truncated = true;
  }

  delete(object: unknown): void {
    const key = keyOf(object);
    if (key !== undefined) this.#objects.delete(key);
  }

  clear(): void {
    this.#objects.clear();
    this.#truncated = false;
  }

  noteMore(): void {
    this.#truncated = true;
  }
}

function keyOf(object: unknown): string | undefined {
  const metadata = objectOf(objectOf(object)?.['metadata']);
  const name = textOf(metadata?.['name']);
  return name === undefined ? undefined : `${textOf(metadata?.['namespace']) ?? ''}/${name}`;
}
