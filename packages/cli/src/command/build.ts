import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Command } from './command.js';

/** For machines that none of the addons in the package is made for. Needs Python and a C++20 compiler. */
export const build: Command = {
  summary: 'compiles the addon for this machine, with Python and a C++20 compiler',
  run(args) {
    if (args.length > 0) return undefined;
    const program = createRequire(import.meta.url).resolve('@forkmap/native/build');
    return spawnSync(process.execPath, [program], { stdio: 'inherit' }).status ?? 1;
  },
};
