import {
  type Check,
  type CheckTable,
  checkOptions,
  invalidArgType,
  invalidArgValue,
  isBoolean,
  isInteger,
  isOneOf,
  isString,
} from '../check.js';

type Stdio = 'inherit' | 'ignore' | 'pipe';

/** What the process of a function is like. What is not said is as in this one. */
export interface SpawnFunctionOptions {
  /** `process.argv0`: what the process is called. */
  argv0?: string;
  /** What follows the program's name on the command line. Default: as in this process. */
  args?: readonly string[];
  /** The folder in which it works. */
  cwd?: string | URL;
  /** Its environment. */
  env?: NodeJS.ProcessEnv;
  /** The user as whom it runs, by number. */
  uid?: number;
  /** The group as which it runs, by number. */
  gid?: number;
  /** A group and session of its own, which signals to this one do not reach. Default: false. */
  detached?: boolean;
  /** Standard input, output and error: all alike, or one by one. `pipe` puts them on the handle. Default: `inherit`. */
  stdio?: Stdio | readonly [stdin: Stdio, stdout: Stdio, stderr: Stdio];
}

const STDIO = ['inherit', 'ignore', 'pipe'] as const;
const isStdio = isOneOf(...STDIO);

const isStrings: Check = (name, value) => {
  if (!Array.isArray(value)) throw invalidArgType(name, 'an array of strings', value);
  for (const [at, arg] of value.entries()) isString(`${name}[${at}]`, arg);
};

const isEnvironment: Check = (name, value) => {
  if (typeof value !== 'object' || value === null) throw invalidArgType(name, 'of type object', value);
};

const isFolder: Check = (name, value) => {
  if (!(value instanceof URL)) isString(name, value);
};

const areStdio: Check = (name, value) => {
  if (!Array.isArray(value)) {
    isStdio(name, value);
    return;
  }
  if (value.length !== STDIO.length)
    throw invalidArgValue(`${name} has three: for standard input, output and error`);
  for (const [at, one] of value.entries()) isStdio(`${name}[${at}]`, one);
};

const isId = isInteger(0);

const CHECKS: Record<keyof SpawnFunctionOptions, Check> & CheckTable = {
  argv0: isString,
  args: isStrings,
  cwd: isFolder,
  env: isEnvironment,
  uid: isId,
  gid: isId,
  detached: isBoolean,
  stdio: areStdio,
};

/** Throws as `checkForkOptions` does. */
export function checkSpawnOptions(options: SpawnFunctionOptions | undefined): SpawnFunctionOptions {
  return checkOptions<SpawnFunctionOptions>(options, CHECKS, {});
}

/** The three, one by one. */
export function stdioOf({ stdio = 'inherit' }: SpawnFunctionOptions): Stdio[] {
  return typeof stdio === 'string' ? [stdio, stdio, stdio] : [...stdio];
}
