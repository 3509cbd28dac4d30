/** Two columns of text, the second to the right of the longest of the first. */
export function table(rows: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n');
}

export const count = (number: number): string => number.toLocaleString('en');

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
