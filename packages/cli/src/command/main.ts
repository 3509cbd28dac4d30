import { build } from './build.js';
import type { Command } from './command.js';
import { preflight } from './preflight.js';
import { worker } from './worker.js';

const commands: Readonly<Record<string, Command>> = { build, preflight, worker };

const WRONG_USAGE = 2;

function usage(): string {
  const names = Object.keys(commands);
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `${name.padEnd(width)}   ${summary}\n`);
  return `usage: forkmap ${names.join(' | ')}\n\n${lines.join('')}`;
}

async function main([name = '', ...args]: string[]): Promise<number> {
  const code = Object.hasOwn(commands, name) ? await commands[name]?.run(args) : undefined;
  if (code !== undefined) return code;
  const isAsked = name === '--help' || name === 'help';
  (isAsked ? process.stdout : process.stderr).write(usage());
  return isAsked ? 0 : WRONG_USAGE;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
