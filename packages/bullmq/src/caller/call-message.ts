import { type Program, type RemoteCall, renameProgram } from '@forkmap/pool/internal';
import type { CallMessage } from '../wire/messages.js';
import { hashOfModule, nameOfModule } from '../wire/modules.js';

/** The call as workers get it: its modules named relative to the program, each with the hash of its file. */
export function messageOf(program: Program, { options }: RemoteCall, root: string): CallMessage {
  const files: Record<string, string> = {};
  const named = renameProgram(program, (url) => {
    const name = nameOfModule(url, root);
    files[name] ??= hashOfModule(url);
    return name;
  });
  return {
    program: named,
    files,
    stdio: options.stdio,
    maxPayloadBytes: Math.min(options.maxResultBytes, Number.MAX_SAFE_INTEGER),
  };
}
