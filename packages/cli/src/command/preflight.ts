import { preflight as findings } from '@forkmap/pool';
import type { Command } from './command.js';

export const preflight: Command = {
  summary: 'says whether this machine and this Node can fork, what a fork costs, and what could bite',
  run(args) {
    if (args.length > 0) return undefined;
    const { canFork, text } = findings();
    process.stdout.write(text);
    return canFork ? 0 : 1;
  },
};
