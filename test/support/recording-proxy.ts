import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy on the loopback that leads nowhere but to one port, whatever it is asked for. */
export interface RecordingProxy {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** What it was asked for, in order: `HOST:PORT` of each CONNECT, the URLs of others. */
  readonly asked: readonly string[];
  readonly stop: () => Promise<void>;
}

/** @param ports where connections to a `HOST:PORT` lead, on the loopback; others are answered 502 */
export async function startProxy(ports: Readonly<Record<string, number>> = {}): Promise<RecordingProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(502).end();
  });
  server.on('connection', keep);
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    asked.push(url);
    const port = ports[url];
    if (port === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    keep(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, stop };
}
