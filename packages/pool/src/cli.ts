import { preflight } from './preflight/preflight.js';

const USAGE = `usage: forkmap preflight

preflight   says whether this machine and this Node can fork, what a fork costs, and what could bite
`;

const [command, ...rest] = process.argv.slice(2);
if (command === 'preflight' && rest.length === 0) {
  const { canFork, text } = preflight();
  process.stdout.write(text);
  process.exitCode = canFork ? 0 : 1;
} else {
  const isAsked = command === '--help' || command === 'help';
  (isAsked ? process.stdout : process.stderr).write(USAGE);
  process.exitCode = isAsked ? 0 : 2;
}
