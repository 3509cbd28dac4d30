import { readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { loadNative } from '@forkmap/native';

interface Pipe {
  fd: number;
  name: string;
}

/**
 * In a child: the descriptor to which its frames go, for tests that write there what no child should. It is the one pipe
 * that is not the origin's, and of which the child has one end only.
 * @param ofOrigin what `pipes()` said in the origin, before the call
 */
export function resultPipe(ofOrigin: readonly Pipe[]): number {
  const own = pipes().filter(({ name }) => !ofOrigin.some((pipe) => pipe.name === name));
  const found = own.filter(
    ({ fd, name }) => own.filter((pipe) => pipe.name === name).length === 1 && canWrite(fd),
  );
  const [pipe] = found;
  if (!pipe || found.length > 1) throw new Error(`expected one result pipe, found ${found.length}`);
  return pipe.fd;
}

/** The pipes that this process has open, standard streams aside. */
export function pipes(): Pipe[] {
  const open: Pipe[] = [];
  for (const fd of readdirSync('/proc/self/fd').map(Number)) {
    try {
      const name = readlinkSync(`/proc/self/fd/${fd}`);
      if (fd > 2 && name.startsWith('pipe:')) open.push({ fd, name });
    } catch (error) {
      // The descriptor of the directory itself is closed by now.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return open;
}

/** SOURCE: proc_pid_fdinfo(5): flags, in octal; the last two bits are the access mode. */
function canWrite(fd: number): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
  return (Number.parseInt(flags, 8) & 3) === 1;
}

/** In a child: writes the header of a frame of results, and none of the payload that it promises. */
export function beginFrame(fd: number, payloadBytes: number): void {
  const { headerBytes, results } = loadNative().protocol.frame;
  // As protocol.h lays it out.
  const header = Buffer.alloc(headerBytes);
  header.write('FKM1', 0, 'latin1');
  header.writeUInt32LE(results, 4);
  header.writeInt32LE(0, 8);
  header.writeInt32LE(1, 12);
  header.writeBigUInt64LE(BigInt(payloadBytes), 16);
  writeSync(fd, header);
}
