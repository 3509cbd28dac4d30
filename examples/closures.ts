/** parMap takes any closure over anything: nothing that it captures, and no item, is serialized. */
import { parMap } from 'forkmap';

/** Private fields, methods and a Map in it: no structured clone carries such a value. */
class Dictionary {
  readonly #words = new Map<string, string>();

  add(word: string, meaning: string): void {
    this.#words.set(word, meaning);
  }

  find(word: string): string | undefined {
    return this.#words.get(word);
  }
}

const dictionary = new Dictionary();
for (let n = 0; n < 100_000; n++) dictionary.add(`word${n}`, `meaning ${n}`);

// Items may be anything, too: these are functions.
const questions = [
  () => dictionary.find('word7'),
  () => dictionary.find('word99999'),
  () => dictionary.find('no such word'),
];

// Each child has a copy-on-write copy of the dictionary, as it was at the call. Only the answers are sent.
const answers = await parMap(questions, (ask, index) => `${index}: ${ask() ?? 'not found'}`);
for (const answer of answers) console.log(answer);

// Prints:
// 0: meaning 7
// 1: meaning 99999
// 2: not found
