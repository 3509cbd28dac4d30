/** The arguments by which Node starts this very program again. */
export function programArguments(args: readonly string[] = process.argv.slice(2)): string[] {
  const [, program] = process.argv;
  return [...flags(), ...(program === undefined ? [] : [program]), ...args];
}

/** Flags by which Node is given its program as a text, which may follow. */
const TEXT_FLAGS = new Set(['-e', '--eval', '-p', '--print', '-pe']);
/** Others with which Node runs something else than the file that it is given: those with a value, and those without. */
const VALUE_FLAGS = new Set(['--input-type', '--watch-path', '--run']);
const LONE_FLAGS = new Set(['-i', '--interactive', '-c', '--check', '-', '--test', '--watch']);

/**
 * This process's own, without a debugger's port, which is taken, and without those by which it was given its program:
 * what is started runs a file.
 */
export function flags(): string[] {
  const { execArgv, _eval: text } = process as typeof process & { _eval?: string };
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i++) {
    const flag = execArgv[i] as string;
    const name = flag.split('=', 1)[0] as string;
    if (TEXT_FLAGS.has(name)) {
      if (execArgv[i + 1] === text) i += 1; // WHY asked: `-p` may stand alone, before `-e`
    } else if (VALUE_FLAGS.has(name)) {
      if (name === flag) i += 1;
    } else if (!LONE_FLAGS.has(name) && !/^--(inspect|debug)(-|=|$)/.test(flag)) {
      kept.push(flag);
    }
  }
  return kept;
}
