/** The arguments by which Node starts this very program again. */
export function programArguments(args: readonly string[] = process.argv.slice(2)): string[] {
  const [, program] = process.argv;
  return [...flags(), ...(program === undefined ? [] : [program]), ...args];
}

/** This process's own, without a debugger's port, which is taken. */
export function flags(): string[] {
  return process.execArgv.filter((flag) => !/^--(inspect|debug)(-|=|$)/.test(flag));
}
