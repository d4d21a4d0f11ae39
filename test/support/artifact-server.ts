import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a source of Flux says of the files it fetched (`status.artifact`). */
export interface Artifact {
  readonly url: string;
  readonly path: string;
  readonly revision: string;
  readonly digest: string;
  readonly lastUpdateTime: string;
}

/** In place of Flux' source-controller: serves files of a repository on the loopback, as the archives that it makes. */
export interface ArtifactServer {
  /** @param files their texts by path */
  readonly archive: (files: Readonly<Record<string, string>>) => Artifact;
  readonly stop: () => Promise<void>;
}

export async function startArtifactServer(): Promise<ArtifactServer> {
  const archives = new Map<string, Buffer>();
  const server = createServer(({ url = '' }, answer) => {
    const found = archives.get(url);
    answer.writeHead(found === undefined ? 404 : 200).end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const archive = (files: Readonly<Record<string, string>>) => {
    const content = gzipSync(tar(files));
    const hash = createHash('sha256').update(content).digest('hex');
    const path = `${hash}.tar.gz`;
    archives.set(`/${path}`, content);
    return {
      url: `http://127.0.0.1:${port}/${path}`,
      path,
      revision: `main@sha1:${hash.slice(0, 40)}`,
      digest: `sha256:${hash}`,
      lastUpdateTime: new Date().toISOString().replace(/\.\d+/, ''),
    };
  };
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { archive, stop };
}

const block = 512;

/** POSIX ustar. */
function tar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((block - (content.length % block)) % block);
    return [header(path, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(path: string, size: number): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  bytes.write(path, 0);
  bytes.write(octal(0o644, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(0, 12), 136);
  // The checksum is made with blanks in its own place.
  bytes.write(' '.repeat(8), 148);
  // A file.
  bytes.write('0', 156);
  bytes.write('ustar', 257);
  bytes.write('00', 263);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 7)}\0 `, 148);
  return bytes;
}
