import dgram from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;

/**
 * A name server on a port of its own that answers every question for one of `names` by an IPv4 address.
 * SOURCE: RFC 1035, sections 4.1.1 to 4.1.4.
 */
export async function startNameServer(names: Record<string, string>) {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (query, from) => {
    const name = nameIn(query);
    const end = HEADER_BYTES + name.length + 2 + 4;
    const header = Buffer.from(query.subarray(0, HEADER_BYTES));
    header.writeUInt16BE(0x8180, 2); // an answer, without error
    header.writeUInt16BE(1, 6); // one record
    header.writeUInt32BE(0, 8);
    const record = Buffer.from([
      0xc0,
      HEADER_BYTES,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      4,
      ...bytesOf(names[name] ?? '0.0.0.0'),
    ]);
    socket.send(Buffer.concat([header, query.subarray(HEADER_BYTES, end), record]), from.port, from.address);
  });
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = HEADER_BYTES; query[at]; at += (query[at] as number) + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] as number)));
  }
  return labels.join('.');
}

function bytesOf(address: string): number[] {
  return address.split('.').map(Number);
}
