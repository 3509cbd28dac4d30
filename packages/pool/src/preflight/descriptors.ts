import type { Finding } from './finding.js';
import { namesIn, plural, targetOf } from './proc.js';

const STANDARD_FDS = 3;

/** Open sockets: in a child they are dead, on purpose. */
export function findSockets(): Finding {
  const kinds = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const sockets = namesIn('/proc/self/fd').filter(
    (fd) => Number(fd) >= STANDARD_FDS && targetOf(`/proc/self/fd/${fd}`)?.startsWith('socket:'),
  ).length;
  const named = (['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'UDPWrap', 'PipeWrap'] as const)
    .filter((kind) => kinds.has(kind))
    .map((kind) => `${kinds.get(kind)} ${kind}`);
  const found =
    sockets === 0
      ? 'none open'
      : `${plural(sockets, 'socket')} open${named.length > 0 ? ` (${named.join(', ')})` : ''}`;
  if (sockets === 0) return { topic: 'sockets', level: 'ok', found, advice: 'Nothing to do.' };
  return {
    topic: 'sockets',
    level: 'note',
    found,
    advice:
      'Children cannot use them, nor harm them: connect anew in fn or in setup, ' +
      'with a client that is made there, and not with one that believes it is connected.',
  };
}
