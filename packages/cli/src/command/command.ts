/** One word after `forkmap` on the command line. */
export interface Command {
  /** What the usage says it does, in one line. */
  summary: string;
  /** @param args what follows the word @returns the exit code; undefined where the arguments are wrong */
  run(args: readonly string[]): number | undefined | Promise<number | undefined>;
}
