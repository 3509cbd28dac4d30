/** One position while it is run. Its values go to the end of the chain in the order of the positions. */
export class Cell {
  position: number;
  /** All positions before it are done: its values need not wait. */
  isDirect: boolean;
  /** A step decided that the chain ends here: what is still pushed is dropped. */
  isStopped = false;
  /** It has pushed all its values. */
  isDone = false;
  /** Values that wait for their turn. */
  waiting: unknown[] = [];

  constructor(position: number, isDirect: boolean) {
    this.position = position;
    this.isDirect = isDirect;
  }
}
