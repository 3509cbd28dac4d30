/** One thing that was looked at. */
export interface Finding {
  /** `addon`, `fork`, `threads`… */
  topic: string;
  /** `ok`: nothing to do. `note`: good to know. `warning`: likely to bite. */
  level: 'ok' | 'note' | 'warning';
  /** What was found. */
  found: string;
  /** What to do about it, in a sentence. */
  advice: string;
}
